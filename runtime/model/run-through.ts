/** Runs a program on every batch of a source, in slices of time. */
import type { BatchSource } from '../data/batch-source.ts';
import type { Runnable } from '../engines/engine.ts';
import type { Boundaries } from '../run/boundaries.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';

export interface RunThroughContext {
  readonly slices: EventLoopSlices;
  readonly boundaries?: Boundaries;
  /** Whether it is to be broken off. */
  readonly isBroken?: () => boolean;
  /** Default: all there are. */
  readonly mostBatches?: number;
}

/** Gives how many rows there were; undefined when it was broken off before all were seen. */
export async function runThrough(
  program: Runnable,
  source: BatchSource,
  { slices, boundaries, isBroken = () => false, mostBatches = Number.POSITIVE_INFINITY }: RunThroughContext,
): Promise<number | undefined> {
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
  return rows;
}
