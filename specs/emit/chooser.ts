/** Seeded choices: cheap enough for whole kernels with their memory, and repeatable from one number. */

export class Chooser {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  /** True once in `oneIn` times. */
  chance(oneIn: number): boolean {
    return this.whole(1, oneIn) === 1;
  }

  one<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.whole(0, left.length - 1), 1)[0]!);
  }

  /** A float in [−1, 1), as a binary32. */
  real(): number {
    return Math.fround(this.#next() * 2 - 1);
  }

  // Mulberry32, a mixing of a counter.
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }
}
