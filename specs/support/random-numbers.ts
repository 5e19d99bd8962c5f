/** A small generator for sweeps too long for fast-check: fast, and the same numbers every time. */
import { seed as runSeed } from './effort.ts';

/** Numbers in [0, 1), by a mixed Weyl sequence (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = (seed ^ runSeed) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
