/** Threefry-2x32-20: random bits as a function of a key and a counter, with nothing remembered between calls. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';

/*
 * J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11. Key: the two words of the run's seed, the
 * second one exclusive-or `streamWord(stream)`. Counter: the number of the element (row-major), the number of the step.
 * Two different (seed, stream, step, element) never share a block within one seed, since streamWord is a bijection.
 */
export const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
export const parity = 0x1bd11bda;

/** Spreads the number of a stream over 32 bits, one to one. */
export function streamWord(stream: number): number {
  let word = Math.imul(stream | 0, 0x9e3779b1);
  word ^= word >>> 15;
  word = Math.imul(word, 0x85ebca6b);
  return word ^ (word >>> 13);
}

/** The first word of the block of a key and a counter, on plain numbers. */
export function threefry(key0: number, key1: number, lane: number, step: number): number {
  const keys: readonly number[] = [key0, key1, key0 ^ key1 ^ parity];
  let x = (lane + keys[0]!) | 0;
  let y = (step + keys[1]!) | 0;
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8]!;
    x = (x + y) | 0;
    y = ((y << by) | (y >>> (32 - by))) ^ x;
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      x = (x + keys[group % 3]!) | 0;
      y = (y + keys[(group + 1) % 3]! + group) | 0;
    }
  }
  return x;
}

/** The same, as a scalar expression. */
export function threefryOf(s: ScalarBuilder, key0: Scalar, key1: Scalar, lane: Scalar, step: Scalar): Scalar {
  const keys: readonly Scalar[] = [key0, key1, s.xor(s.xor(key0, key1), parity)];
  let x = s.add(lane, keys[0]!);
  let y = s.add(step, keys[1]!);
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % 8]!;
    x = s.add(x, y);
    y = s.xor(s.or(s.shl(y, by), s.shrU(y, 32 - by)), x);
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      x = s.add(x, keys[group % 3]!);
      y = s.add(s.add(y, keys[(group + 1) % 3]!), group);
    }
  }
  return x;
}
