/** Margins of the spatial axes, as layers take them: one count for all, one for each axis, or a pair for each. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { DTY303 } from '../../../compiler/diagnostics/dtype.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';

/** Counts before and after an axis. @public */
export type Margin = readonly [before: number, after: number];

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isMargin = (value: unknown): value is Margin =>
  Array.isArray(value) && value.length === 2 && value.every(isCount);

/** A pair of counts for each of `rank` axes; DTY303 where the argument is none. Of one axis, a pair is its margins. */
export function marginsFrom(
  layer: string,
  given: number | readonly (number | Margin)[],
  rank: number,
): Margin[] {
  if (isCount(given)) return Array.from({ length: rank }, () => [given, given] as const);
  if (rank === 1 && isMargin(given)) return [given];
  if (Array.isArray(given) && given.length === rank && given.every((item) => isCount(item) || isMargin(item)))
    return given.map((item: number | Margin) => (isMargin(item) ? item : [item, item]));
  return refuse(
    DTY303({
      message: `${layer} needs counts for the ends of ${rank} spatial ${rank === 1 ? 'axis' : 'axes'}`,
      span: siteSpan(),
      expected:
        rank === 1
          ? 'a whole number from 0 up, or a pair of them'
          : `a whole number from 0 up, ${rank} of them, or ${rank} pairs`,
      received: JSON.stringify(given),
    }),
  );
}
