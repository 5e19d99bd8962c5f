/** ln x in binary32, by splitting x into a power of two and a number near 1. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { ln2High, ln2Low, logTail } from './constants.ts';

const sqrtHalf = 0x3f3504f3;
const smallestNormal = 2 ** -126;

/** x = 2ᵉ · (1 + f) with √½ ≤ 1 + f < √2, for positive finite x. `e` is a float. */
export function splitPower(s: ScalarBuilder, x: Scalar): { e: Scalar; f: Scalar } {
  const tiny = s.lt(x, smallestNormal);
  const bits = s.sub(s.bitsOf(s.select(tiny, s.mul(x, 2 ** 23), x)), sqrtHalf);
  const exponent = s.sub(s.shrS(bits, 23), s.select(tiny, s.i32(23), s.i32(0)));
  const mantissa = s.add(s.and(bits, 0x7fffff), sqrtHalf);
  return { e: s.toFloat(exponent), f: s.sub(s.ofBits(mantissa), 1) };
}

/** ln x for positive finite x, within 2 ulp. */
export function logOfPositive(s: ScalarBuilder, x: Scalar): Scalar {
  const { e, f } = splitPower(s, x);
  const square = s.mul(f, f);
  const tail = s.add(s.mul(s.mul(square, f), s.polynomial(f, logTail)), s.mul(e, ln2Low));
  const small = s.add(s.sub(tail, s.mul(square, 0.5)), f);
  return s.add(small, s.mul(e, ln2High));
}

/** What a logarithm is at 0, below it, at ∞ and for NaN; elsewhere `inside`. */
export function logEdges(s: ScalarBuilder, x: Scalar, inside: Scalar): Scalar {
  const finite = s.select(s.lt(x, Number.POSITIVE_INFINITY), inside, s.f32(Number.POSITIVE_INFINITY));
  const edge = s.select(s.eq(x, 0), s.f32(Number.NEGATIVE_INFINITY), s.f32(Number.NaN));
  return s.select(s.lt(s.f32(0), x), finite, edge);
}

/** ln x: within 2 ulp; −∞ at 0, NaN below. */
export function logOf(s: ScalarBuilder, x: Scalar): Scalar {
  return logEdges(s, x, logOfPositive(s, x));
}
