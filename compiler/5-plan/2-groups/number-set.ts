/** Sets of small whole numbers as bits: unions and differences take 32 at a time. */

export class NumberSet {
  private words: Int32Array;

  constructor(room = 0) {
    this.words = new Int32Array((room + 31) >>> 5);
  }

  has(number: number): boolean {
    return ((this.words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    this.reserve((number >>> 5) + 1);
    this.words[number >>> 5]! |= 1 << (number & 31);
  }

  /** Takes all members of another set in; whether any of them is new. */
  addAll(other: NumberSet): boolean {
    this.reserve(other.words.length);
    let isNew = 0;
    other.words.forEach((word, i) => {
      isNew |= word & ~this.words[i]!;
      this.words[i]! |= word;
    });
    return isNew !== 0;
  }

  /** The members of this set that are not in the other, largest first. */
  *descending(except: NumberSet): Generator<number> {
    for (let i = this.words.length - 1; i >= 0; i--) {
      let word = this.words[i]! & ~(except.words[i] ?? 0);
      while (word !== 0) {
        const bit = 31 - Math.clz32(word);
        yield 32 * i + bit;
        word &= ~(1 << bit);
      }
    }
  }

  private reserve(length: number): void {
    if (length <= this.words.length) return;
    const larger = new Int32Array(Math.max(length, 2 * this.words.length));
    larger.set(this.words);
    this.words = larger;
  }
}
