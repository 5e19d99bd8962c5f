/** A pseudo-random permutation that can be asked for any single place: shuffling without an array of indices. */
import { mix } from '../mix.ts';

const rounds = 8;

/**
 * A bijection of 0 … size − 1, chosen by the key. It is an alternating Feistel network on the smallest power of two
 * that holds `size`, walked until it lands inside (cycle walking: fewer than two turns on average).
 */
export class Permutation {
  readonly size: number;
  private readonly leftBits: number;
  private readonly rightBits: number;
  private readonly keys: Int32Array;

  /** `size` is at most 2³⁰. */
  constructor(size: number, ...key: readonly number[]) {
    if (size > 2 ** 30) throw new Error(`internal: a permutation of ${size} places`);
    // Sixteen places at least: a network of fewer bits has too few permutations to choose from.
    const bits = Math.max(4, 32 - Math.clz32(Math.max(0, size - 1)));
    this.size = size;
    this.leftBits = bits >> 1;
    this.rightBits = bits - this.leftBits;
    this.keys = Int32Array.from({ length: rounds }, (_, round) => mix(...key, round));
  }

  /** Where `place` goes; `place` is a whole number in [0, size). */
  at(place: number): number {
    const { keys, leftBits, rightBits, size } = this;
    const leftMask = (1 << leftBits) - 1;
    const rightMask = (1 << rightBits) - 1;
    let at = place;
    do {
      let left = at >>> rightBits;
      let right = at & rightMask;
      for (let round = 0; round < rounds; round += 2) {
        left ^= stir(right, keys[round]!) & leftMask;
        right ^= stir(left, keys[round + 1]!) & rightMask;
      }
      at = (left << rightBits) | right;
    } while (at >= size);
    return at;
  }
}

/** A keyed hash of one half; its low bits are good. */
function stir(half: number, key: number): number {
  const h = Math.imul(half ^ key, 0x85ebca6b);
  const g = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return g ^ (g >>> 16);
}
