/** The scalar language that elementwise lowerings are written in: what a WebAssembly lane can do, and no more. */

/** The kinds of a lane: a binary32, a 32-bit integer, or the truth of a comparison. */
export type LaneType = 'f32' | 'i32' | 'mask';

export type ScalarOp =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'min'
  | 'max'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'nearest'
  | 'and'
  | 'or'
  | 'xor'
  | 'not'
  | 'shl'
  | 'shrS'
  | 'shrU'
  | 'divS'
  | 'remS'
  | 'eq'
  | 'lt'
  | 'le'
  | 'select'
  | 'toFloat'
  | 'toInt'
  | 'bitsOf'
  | 'ofBits'
  | 'constant'
  | 'read'
  | 'index';

/**
 * One value of a scalar expression. `args` come first in evaluation; equal expressions may be shared.
 * `value` is the number of a `constant`, the number of a kernel's `read`, or the axis of an `index`.
 */
export interface Scalar {
  readonly op: ScalarOp;
  readonly type: LaneType;
  readonly args: readonly Scalar[];
  readonly value?: number;
}

export type ScalarLike = Scalar | number;

/**
 * Builds scalar expressions. A plain number takes the type of the other operand.
 * Floats: IEEE 754 binary32, round to nearest even; `min`/`max` propagate NaN (WebAssembly's own).
 * Integers: two's complement, wrapping; `divS`/`remS` trap on zero, so guard the divisor.
 * `toInt` truncates and saturates, NaN to 0. Masks come from comparisons and go into `select`, `and`, `or`, `not`.
 * In a lowering a bool is always a mask: engines turn what they load into one with `truth`, and into 0 or 1 with `bit`
 * when they store it.
 */
export interface ScalarBuilder {
  f32(value: number): Scalar;
  i32(value: number): Scalar;
  add(a: ScalarLike, b: ScalarLike): Scalar;
  sub(a: ScalarLike, b: ScalarLike): Scalar;
  mul(a: ScalarLike, b: ScalarLike): Scalar;
  div(a: ScalarLike, b: ScalarLike): Scalar;
  min(a: ScalarLike, b: ScalarLike): Scalar;
  max(a: ScalarLike, b: ScalarLike): Scalar;
  neg(a: Scalar): Scalar;
  abs(a: Scalar): Scalar;
  sqrt(a: Scalar): Scalar;
  floor(a: Scalar): Scalar;
  ceil(a: Scalar): Scalar;
  trunc(a: Scalar): Scalar;
  /** To the nearest whole number, ties to even. */
  nearest(a: Scalar): Scalar;
  /** Bits of integers; of masks, logic. */
  and(a: ScalarLike, b: ScalarLike): Scalar;
  or(a: ScalarLike, b: ScalarLike): Scalar;
  xor(a: ScalarLike, b: ScalarLike): Scalar;
  not(a: Scalar): Scalar;
  /** Shifts take a constant distance. */
  shl(a: Scalar, distance: number): Scalar;
  shrS(a: Scalar, distance: number): Scalar;
  shrU(a: Scalar, distance: number): Scalar;
  divS(a: ScalarLike, b: ScalarLike): Scalar;
  remS(a: ScalarLike, b: ScalarLike): Scalar;
  eq(a: ScalarLike, b: ScalarLike): Scalar;
  lt(a: ScalarLike, b: ScalarLike): Scalar;
  le(a: ScalarLike, b: ScalarLike): Scalar;
  select(condition: Scalar, yes: ScalarLike, no: ScalarLike): Scalar;
  /** i32 → f32, rounding. */
  toFloat(a: Scalar): Scalar;
  /** f32 → i32, truncating, saturating. */
  toInt(a: Scalar): Scalar;
  /** The bits of an f32 as an i32, and back. */
  bitsOf(a: Scalar): Scalar;
  ofBits(a: Scalar): Scalar;
  /** An integer 0 or 1 (how bool lies in memory) as a mask, and back. */
  truth(a: Scalar): Scalar;
  bit(mask: Scalar): Scalar;
  /** c₀ + c₁x + c₂x² + … by Horner's rule. */
  polynomial(x: Scalar, coefficients: readonly number[]): Scalar;
}
