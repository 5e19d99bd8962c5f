/** erf x in float64, from its series and its continued fraction. */

/** 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)), which loses no more than a few digits below 3. */
function bySeries(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total) && n < 200; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** erfc x = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), for x from 2 up. */
function complementByFraction(x: number): number {
  let rest = x;
  for (let n = 120; n >= 1; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * rest);
}

/** erf x to about 10⁻¹⁵. */
export function exactErf(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  const size = Math.abs(x);
  const value = size < 2 ? bySeries(size) : 1 - complementByFraction(Math.min(size, 27));
  return x < 0 ? -value : value;
}
