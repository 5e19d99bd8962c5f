/** aᵇ in binary32: e^(b·ln a), the logarithm and the product carried in two words so that large powers stay exact. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import { ln2High, ln2Low } from './constants.ts';
import { expm1Near0, powerOf2 } from './exp.ts';
import { splitPower } from './log.ts';

/** A number as an unrounded sum of two. */
interface Pair {
  readonly high: Scalar;
  readonly low: Scalar;
}

/** The two halves of a number's 24 bits; products of halves are exact. */
function halves(s: ScalarBuilder, x: Scalar): Pair {
  const high = s.ofBits(s.and(s.bitsOf(x), s.i32(-4096)));
  return { high, low: s.sub(x, high) };
}

/** a·b − p, where p is a·b rounded. */
function productError(s: ScalarBuilder, a: Scalar, b: Scalar, p: Scalar): Scalar {
  const [x, y] = [halves(s, a), halves(s, b)];
  const big = s.sub(s.mul(x.high, y.high), p);
  const cross = s.add(s.add(big, s.mul(x.high, y.low)), s.mul(x.low, y.high));
  return s.add(cross, s.mul(x.low, y.low));
}

/** ln x of positive finite x, to about 2⁻³² of its size: with q = f/(2 + f), ln(1 + f) = 2(q + q³/3 + q⁵/5 + …). */
function preciseLog(s: ScalarBuilder, x: Scalar): Pair {
  const { e, f } = splitPower(s, x);
  const d = s.add(f, 2);
  const q = s.div(f, d);
  const product = s.mul(q, d);
  const missing = s.sub(
    s.sub(s.sub(f, product), productError(s, q, d, product)),
    s.mul(q, s.sub(f, s.sub(d, 2))),
  );
  const square = s.mul(q, q);
  const series = s.polynomial(square, [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11]);
  const tail = s.add(s.mul(s.div(missing, d), 2), s.mul(s.mul(square, q), series));
  const whole = s.mul(e, ln2High);
  const twice = s.mul(q, 2);
  const high = s.add(whole, twice);
  const lost = s.sub(twice, s.sub(high, whole));
  const low = s.add(s.add(tail, lost), s.mul(e, ln2Low));
  const rounded = s.add(high, low);
  return { high: rounded, low: s.sub(low, s.sub(rounded, high)) };
}

/** |a|ᵇ of positive finite |a|. */
function magnitude(s: ScalarBuilder, a: Scalar, b: Scalar): Scalar {
  const { high, low } = preciseLog(s, a);
  // Beyond 2³³ every power of a ≠ 1 is 0 or ∞.
  const exponent = s.max(s.min(b, 2 ** 33), -(2 ** 33));
  const product = s.mul(exponent, high);
  const error = s.add(productError(s, exponent, high, product), s.mul(exponent, low));
  const x = s.min(s.max(product, -104), 89);
  const n = s.nearest(s.mul(x, Math.LOG2E));
  const near = s.sub(s.sub(x, s.mul(n, ln2High)), s.mul(n, ln2Low));
  // Where the product was cut off its error means nothing any more.
  const r = s.add(near, s.min(s.max(error, -1e-4), 1e-4));
  const whole = s.toInt(n);
  const half = s.shrS(whole, 1);
  const scaled = s.mul(s.add(expm1Near0(s, r), 1), powerOf2(s, half));
  return s.mul(scaled, powerOf2(s, s.sub(whole, half)));
}

/** aᵇ: within about 4 ulp; IEEE 754's values at 0, 1, ∞ and NaN, and for negative a. */
export function powerOf(s: ScalarBuilder, a: Scalar, b: Scalar): Scalar {
  const infinity = s.f32(Number.POSITIVE_INFINITY);
  const size = s.abs(a);
  const atEdge = s.or(s.eq(size, 0), s.eq(size, infinity));
  const edge = s.select(s.xor(s.eq(size, infinity), s.lt(b, 0)), infinity, s.f32(0));
  const unsigned = s.select(atEdge, edge, magnitude(s, size, b));

  const whole = s.eq(s.floor(b), b);
  const half = s.mul(b, 0.5);
  const odd = s.and(whole, s.not(s.eq(s.floor(half), half)));
  const sign = s.select(odd, s.and(s.bitsOf(a), s.i32(-(2 ** 31))), s.i32(0));
  const signed = s.ofBits(s.or(s.bitsOf(unsigned), sign));

  const unreal = s.and(s.and(s.lt(a, 0), s.not(whole)), s.lt(size, infinity));
  const known = s.and(s.eq(a, a), s.eq(b, b));
  const value = s.select(s.or(unreal, s.not(known)), s.f32(Number.NaN), signed);
  return s.select(s.or(s.eq(b, 0), s.eq(a, 1)), s.f32(1), value);
}
