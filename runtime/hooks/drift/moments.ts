/** Count, mean and spread of numbers, kept without the numbers (Welford 1962; Chan, Golub & LeVeque 1979). */

export interface Moments {
  readonly size: number;
  readonly mean: number;
  /** The sum of squared distances from the mean. */
  readonly spread: number;
}

export const noMoments: Moments = { size: 0, mean: 0, spread: 0 };

/** Of the numbers of both. */
export function joined(a: Moments, b: Moments): Moments {
  const size = a.size + b.size;
  if (size === 0) return noMoments;
  const apart = b.mean - a.mean;
  const mean = a.mean + (apart * b.size) / size;
  return { size, mean, spread: a.spread + b.spread + (apart * apart * a.size * b.size) / size };
}

/** With one number more. */
export function including(moments: Moments, value: number): Moments {
  return joined(moments, { size: 1, mean: value, spread: 0 });
}
