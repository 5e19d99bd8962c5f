/** Margins of the spatial axes, as layers take them: one count for all, one for each axis, or a pair for each. */
import type { Check } from '../../../compiler/op/arguments.ts';
import { optional } from '../../../compiler/op/checks.ts';

/** Counts before and after an axis. @public */
export type Margin = readonly [before: number, after: number];

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isMargin = (value: unknown): value is Margin =>
  Array.isArray(value) && value.length === 2 && value.every(isCount);

/** Margins of `rank` axes: one count, or for each axis a count or a pair. Of one axis, a pair is its margins. */
export function perEdge(rank: number): Check {
  const each = (value: unknown): boolean => isCount(value) || isMargin(value);
  return optional({
    expects:
      rank === 1
        ? 'a whole number from 0 up, or a pair of them'
        : `a whole number from 0 up, ${rank} of them, or ${rank} pairs`,
    fits: (value) =>
      isCount(value) ||
      (rank === 1 ? isMargin(value) : Array.isArray(value) && value.length === rank && value.every(each)),
  });
}

/** A pair of counts for each of `rank` axes. */
export function marginsFrom(given: number | Margin | readonly (number | Margin)[], rank: number): Margin[] {
  if (isCount(given)) return Array.from({ length: rank }, () => [given, given] as const);
  if (rank === 1 && isMargin(given)) return [given];
  return given.map((item) => (isMargin(item) ? item : [item, item]));
}
