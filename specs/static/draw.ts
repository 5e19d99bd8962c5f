/** Choices of a generator, in terms of fast-check's values, so that failures shrink. */
import fc from 'fast-check';

export interface Draw {
  whole(least: number, most: number): number;
  chance(oneIn: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function drawFrom(g: fc.GeneratorValue): Draw {
  const whole = (least: number, most: number): number => g(fc.integer, { min: least, max: most });
  return {
    whole,
    chance: (oneIn) => whole(1, oneIn) === oneIn,
    pick: (items) => items[whole(0, items.length - 1)]!,
  };
}
