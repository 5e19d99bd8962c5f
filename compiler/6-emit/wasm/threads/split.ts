/** How a kernel is divided among threads: along one of its loops, in runs of whole grains, by sizes alone. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { Region } from '../../../5-plan/plan.ts';
import { valueOf } from '../../../ir/dim.ts';
import type { Touched } from './independent-loops.ts';
import { isSeparate } from './independent-loops.ts';

export interface Split {
  readonly loop: number;
  /** How often the loop runs in all. */
  readonly size: Dim;
  /** Iterations that stay together: a vector's, or a tile's. */
  readonly grain: number;
}

/** A loop that might be divided. */
export interface Candidate {
  readonly loop: number;
  readonly grain: number;
  /** Work that every thread would do for itself, as a share of all the work. */
  readonly repeated: number;
}

/** As many threads as a choice of the loop has in mind; any other number of them gets the same loop. */
const typicalThreads = 4;

/** The loop that leaves the slowest thread the least to do; the outermost of equals; none where nothing is gained. */
export function splitOf(
  candidates: readonly Candidate[],
  touched: Touched,
  regions: readonly Region[],
  capacity: number,
): Split | undefined {
  let best: Split | undefined;
  let least = 0.9;
  for (const { loop, grain, repeated } of candidates) {
    const size = touched.extents[loop]!;
    const grains = Math.ceil(valueOf(size, { B: capacity }) / grain);
    const longest = Math.ceil(grains / typicalThreads) / grains + repeated;
    if (!(longest < least) || !isSeparate(loop, touched, regions, capacity)) continue;
    least = longest;
    best = { loop, size, grain };
  }
  return best;
}
