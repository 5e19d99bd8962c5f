/** Evaluates a model over all rows of a dataset, in slices of time. */

import { DAT709 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { BatchSource } from '../data/batch-source.ts';
import type { Evaluation } from '../events/event.ts';
import type { Boundaries } from '../run/boundaries.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';

export interface EvaluationContext {
  readonly slices: EventLoopSlices;
  readonly boundaries?: Boundaries;
  /** Whether it is to be broken off. */
  readonly isBroken?: () => boolean;
  /** Default: all there are. */
  readonly mostBatches?: number;
}

/** Gives undefined when it was broken off before all rows were seen. */
export async function evaluateAll(
  loaded: LoadedPipeline,
  source: BatchSource,
  { slices, boundaries, isBroken = () => false, mostBatches = Number.POSITIVE_INFINITY }: EvaluationContext,
): Promise<Evaluation | undefined> {
  const { program: name, epoch } = loaded.contract.evaluate;
  const program = loaded.session.program(name);
  loaded.resetSums('validation');
  let rows = 0;
  for (let batch = 0; batch < mostBatches; batch++) {
    const next = source.next(program.inputs);
    const count = typeof next === 'number' ? next : await next;
    if (isBroken()) return undefined;
    if (count === 0) break;
    rows += count;
    const running = program.runAside ? program.runAside(count) : program.run(count);
    if (running) await (boundaries ? boundaries.during(running) : running);
    if (slices.due()) {
      await slices.rest();
      if (isBroken()) return undefined;
    }
  }
  return rows > 0 ? loaded.evaluation(program, epoch) : refuse(noRows('the data to evaluate on'));
}

export function noRows(what: string, hint?: string): ReturnType<typeof DAT709> {
  return DAT709({
    message: `there are no rows in ${what}`,
    span: nowhere,
    expected: 'at least one row, and a whole batch where dropRemainder is on',
    received: 'nothing',
    ...(hint !== undefined && { hint }),
  });
}
