/** Integer hashing: the one source of randomness in data, counter-based, so that any position can be asked for. */

/** MurmurHash3's finalizer: a bijection of 32-bit words in which every input bit reaches every output bit. */
export function scramble(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** One 32-bit word (unsigned) out of several numbers; whole numbers up to 2⁵³ count in full. */
export function mix(...numbers: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const number of numbers) {
    const high = Math.floor(number / 0x1_0000_0000);
    h = (scramble(h ^ (number | 0)) + 0x6a09e667) | 0;
    h = (scramble(h ^ high) + 0x3c6ef372) | 0;
  }
  return scramble(h) >>> 0;
}
