/** What is aimed at, beside what was reached. Told, never asserted. */

/** At most `bound`, which like `value` is told in `unit`; undefined where somebody needed for it was absent. */
export const atMost = (says, value, bound, unit = '') => judged(says, value, bound, unit, value / bound);

export const atLeast = (says, value, bound, unit = '') => judged(says, value, bound, unit, bound / value);

function judged(says, value, bound, unit, over) {
  if (value === undefined || Number.isNaN(over)) return { says, unit, bound };
  return { says, unit, bound, value, met: over <= 1, over };
}

const short = (number) =>
  number >= 1000 ? Math.round(number).toLocaleString('en') : String(Number(number.toPrecision(3)));

/** What was reached, in words. */
export function verdict({ value, met, over, unit }) {
  if (value === undefined) return 'not measured';
  const reached = `${short(value)}${unit}`;
  return met ? `met: ${reached}` : `missed by ${short(over)}×: ${reached}`;
}
