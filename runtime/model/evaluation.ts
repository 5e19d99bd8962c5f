/** Evaluates a model over all rows of a dataset. */

import { DAT709 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { BatchSource } from '../data/batch-source.ts';
import type { Evaluation } from '../events/event.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';
import type { RunThroughContext } from './run-through.ts';
import { runThrough } from './run-through.ts';

/** Gives undefined when it was broken off before all rows were seen. */
export async function evaluateAll(
  loaded: LoadedPipeline,
  source: BatchSource,
  context: RunThroughContext,
): Promise<Evaluation | undefined> {
  const { program: name, epoch } = loaded.contract.evaluate;
  const program = loaded.session.program(name);
  loaded.resetSums('validation');
  const rows = await runThrough(program, source, context);
  if (rows === undefined) return undefined;
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
