/** Draws the cases that laws are tried on: numbers of a domain, the same ones for the same seed. */
import type { Domain } from '../compiler/op/domain.ts';
import type { Values } from '../compiler/op/values.ts';

/** Numbers in [0, 1): Mulberry32, which is enough to choose samples by. */
export function drawing(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How near to a kink a case may come: central differences reach 1/1000 to each side. */
const margin = 0.01;

/** Draws numbers of one sequence. */
export class Draws {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = drawing(seed);
  }

  /** One of the items. */
  of<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One number of the domain, its ends and small numbers more often, none too near to a kink. */
  element({ kind, min, max, kinks }: Domain): number {
    if (kind !== 'reals') return this.whole(min, max);
    for (;;) {
      const anywhere = min + this.next() * (max - min);
      const x = Math.fround(
        this.of([anywhere, anywhere, anywhere, min, max, Math.round(anywhere), anywhere / 64]),
      );
      const inside = x >= min && x <= max;
      if (inside && kinks.every((kink) => Math.abs(x - kink) > margin)) return x;
    }
  }

  /** Other values of the type of `values`. */
  valuesLike(values: Values, domain: Domain): Values {
    const draw = (): number => {
      if (values.dtype === 'bool') return this.whole(0, 1);
      const x = this.element(domain);
      return values.dtype === 'int32' ? Math.trunc(x) : x;
    };
    return { ...values, data: values.data.map(draw) };
  }
}
