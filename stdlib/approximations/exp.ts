/** eˣ in binary32, by range reduction to |r| ≤ ½ ln 2 and a polynomial. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { expTail, ln2High, ln2Low } from './constants.ts';

/** 1.5 · 2²³, which leaves a binary32 no room for a fraction: adding it rounds, and the whole number is in the low bits. */
const rounder = 12_582_912;
const rounderBits = 0x4b400000;

/** x = n·ln 2 + r with n whole, an i32, and r small; valid for x within ±150. */
export function reduceByLn2(s: ScalarBuilder, x: Scalar): { n: Scalar; r: Scalar } {
  const shifted = s.add(s.mul(x, Math.LOG2E), rounder);
  const n = s.sub(shifted, rounder);
  // ln 2 in two parts, the first with few enough bits that its product with n is exact.
  const r = s.sub(s.sub(x, s.mul(n, ln2High)), s.mul(n, ln2Low));
  return { n: s.sub(s.bitsOf(shifted), rounderBits), r };
}

/** e^r − 1 for |r| ≤ ½ ln 2, exact to the sign of zero when r is small. */
export function expm1Near0(s: ScalarBuilder, r: Scalar): Scalar {
  return s.add(r, s.mul(s.mul(r, r), s.polynomial(r, expTail)));
}

/** 2ⁿ for whole n from −126 to 127, given as an i32. */
export function powerOf2(s: ScalarBuilder, n: Scalar): Scalar {
  return s.ofBits(s.shl(s.add(n, 127), 23));
}

/** eˣ: within 2 ulp; 0 and ∞ at the ends, subnormal results included. */
export function expOf(s: ScalarBuilder, x: Scalar): Scalar {
  // Beyond these the result is 0 or ∞ anyway; NaN passes through min and max.
  const { n, r } = reduceByLn2(s, s.min(s.max(x, -104), 89));
  // 2ⁿ in two factors, since n goes beyond what one binary32 exponent can hold.
  const half = s.shrS(n, 1);
  const rest = s.sub(n, half);
  // Masked attention is full of such: a 0 at once is cheap, where a product that underflows takes processors 150 cycles.
  const near1 = s.select(s.lt(x, -104), 0, s.add(expm1Near0(s, r), 1));
  return s.mul(s.mul(near1, powerOf2(s, half)), powerOf2(s, rest));
}
