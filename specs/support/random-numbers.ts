/** A small generator for sweeps too long for fast-check: fast, and the same numbers every time. */
import { drawing } from '../../laws/draw.ts';
import { seed as runSeed } from './effort.ts';

/** Numbers in [0, 1), another sequence for each seed and each run of the specs. */
export function randomNumbers(seed: number): () => number {
  return drawing(seed ^ runSeed);
}
