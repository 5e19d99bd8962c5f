/** Decisions read off a list of whole numbers: shrinking the numbers shrinks what was decided. */
export class Choices {
  private readonly numbers: readonly number[];
  private at = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  /** A whole number below `bound`; 0 when the list is used up. */
  below(bound: number): number {
    const number = this.numbers[this.at++] ?? 0;
    return bound <= 1 ? 0 : number % bound;
  }

  /** One of a list; the first is the simplest. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True once in `odds` times. */
  once(odds: number): boolean {
    return this.below(odds) === odds - 1;
  }

  /** Some of a list, in its order; none is the simplest. */
  some<T>(list: readonly T[]): T[] {
    return list.filter(() => this.below(2) === 1);
  }

  /** A list in another order; as it is, is the simplest. */
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
}
