/** The laws a card may claim for its op; a claimed law is tested on every engine before anything relies on it. */

/** A law relates values of one op: `holds` receives the op on plain numbers (other inputs fixed). */
export interface Law {
  readonly name: string;
  /** The property, in a formula, for the failure text. */
  readonly formula: string;
  /** True when the law holds at this pair of sample points, within `tolerance`. */
  readonly holds: (f: (x: number) => number, a: number, b: number, tolerance: number) => boolean;
}

const close = (a: number, b: number, tolerance: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= tolerance * (1 + Math.abs(b)) || (Number.isNaN(a) && Number.isNaN(b));

/** f(−x) = −f(x) */
export const odd: Law = {
  name: 'odd',
  formula: 'f(−x) = −f(x)',
  holds: (f, a, _, tolerance) => close(f(-a), -f(a), tolerance),
};

/** f(−x) = f(x) */
export const even: Law = {
  name: 'even',
  formula: 'f(−x) = f(x)',
  holds: (f, a, _, tolerance) => close(f(-a), f(a), tolerance),
};

/** a ≤ b ⇒ f(a) ≤ f(b) */
export const monotone: Law = {
  name: 'monotone',
  formula: 'a ≤ b ⇒ f(a) ≤ f(b)',
  holds: (f, a, b, tolerance) => {
    const [low, high] = [f(Math.min(a, b)), f(Math.max(a, b))];
    return low <= high + tolerance * (1 + Math.abs(high));
  },
};

/** f(x) ≥ 0 */
export const positive: Law = { name: 'positive', formula: 'f(x) ≥ 0', holds: (f, a) => f(a) >= 0 };

/** f(f(x)) = x */
export const involution: Law = {
  name: 'involution',
  formula: 'f(f(x)) = x',
  holds: (f, a, _, tolerance) => close(f(f(a)), a, tolerance),
};

/** f(f(x)) = f(x) */
export const idempotent: Law = {
  name: 'idempotent',
  formula: 'f(f(x)) = f(x)',
  holds: (f, a, _, tolerance) => close(f(f(a)), f(a), tolerance),
};

/** min ≤ f(x) ≤ max */
export function within(min: number, max: number): Law {
  return {
    name: `within(${min}, ${max})`,
    formula: `${min} ≤ f(x) ≤ ${max}`,
    holds: (f, a, _, tolerance) => f(a) >= min - tolerance && f(a) <= max + tolerance,
  };
}
