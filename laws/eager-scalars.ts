/** A scalar builder that computes at once: what a lowering gives for given numbers, one binary32 or int32 at a time. */

import type { LaneType, Scalar, ScalarBuilder, ScalarLike } from '../compiler/op/scalar.ts';
import { LawBroken } from './law-test.ts';

const floats = new Float32Array(1);
const whole = new Int32Array(floats.buffer);

/** A known value as a scalar. */
export function known(type: LaneType, value: number): Scalar {
  return { op: 'constant', type, args: [], value };
}

export const valueOf = (scalar: Scalar): number => scalar.value!;

const f32 = (value: number): Scalar => known('f32', Math.fround(value));
const i32 = (value: number): Scalar => known('i32', value | 0);
const mask = (value: boolean): Scalar => known('mask', Number(value));

/** Two operands of one type; a plain number takes the other's. */
function pair(a: ScalarLike, b: ScalarLike): { type: LaneType; x: number; y: number } {
  const type = typeof a !== 'number' ? a.type : typeof b !== 'number' ? b.type : 'f32';
  const of = (operand: ScalarLike): number => {
    if (typeof operand === 'number') return type === 'f32' ? Math.fround(operand) : operand;
    if (operand.type !== type) throw new LawBroken(`${operand.type} meets ${type}`);
    return valueOf(operand);
  };
  return { type, x: of(a), y: of(b) };
}

function arithmetic(
  a: ScalarLike,
  b: ScalarLike,
  onFloats: (x: number, y: number) => number,
  onWholes: (x: number, y: number) => number,
): Scalar {
  const { type, x, y } = pair(a, b);
  if (type === 'mask') throw new LawBroken('arithmetic on a mask');
  return type === 'f32' ? f32(onFloats(x, y)) : i32(onWholes(x, y));
}

function logic(a: ScalarLike, b: ScalarLike, apply: (x: number, y: number) => number): Scalar {
  const { type, x, y } = pair(a, b);
  if (type === 'f32') throw new LawBroken('logic on a float');
  return known(type, apply(x, y) | 0);
}

function integer(a: ScalarLike, b: ScalarLike, apply: (x: number, y: number) => number): Scalar {
  const { type, x, y } = pair(a, b);
  if (type !== 'i32') throw new LawBroken(`integer division of ${type}`);
  if (y === 0 || (y === -1 && x === -(2 ** 31))) throw new LawBroken('integer division traps');
  return i32(apply(x, y));
}

function real(a: Scalar, apply: (x: number) => number): Scalar {
  if (a.type !== 'f32') throw new LawBroken(`a ${a.type} where a float is needed`);
  return f32(apply(valueOf(a)));
}

function nearest(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (!Number.isFinite(x)) return x;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const value = up ? below + 1 : below;
  return value === 0 && (x < 0 || Object.is(x, -0)) ? -0 : value;
}

function saturated(x: number): number {
  return Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), -(2 ** 31)), 2 ** 31 - 1);
}

export const eagerScalars: ScalarBuilder = {
  f32,
  i32,
  add: (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x + y,
      (x, y) => x + y,
    ),
  sub: (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x - y,
      (x, y) => x - y,
    ),
  mul: (a, b) => arithmetic(a, b, (x, y) => x * y, Math.imul),
  div: (a, b) =>
    arithmetic(
      a,
      b,
      (x, y) => x / y,
      () => {
        throw new LawBroken('whole numbers are divided by divS');
      },
    ),
  min: (a, b) => arithmetic(a, b, Math.min, Math.min),
  max: (a, b) => arithmetic(a, b, Math.max, Math.max),
  neg: (a) => (a.type === 'i32' ? i32(-valueOf(a)) : real(a, (x) => -x)),
  abs: (a) => (a.type === 'i32' ? i32(Math.abs(valueOf(a))) : real(a, Math.abs)),
  sqrt: (a) => real(a, Math.sqrt),
  floor: (a) => real(a, Math.floor),
  ceil: (a) => real(a, Math.ceil),
  trunc: (a) => real(a, Math.trunc),
  nearest: (a) => real(a, nearest),
  and: (a, b) => logic(a, b, (x, y) => x & y),
  or: (a, b) => logic(a, b, (x, y) => x | y),
  xor: (a, b) => logic(a, b, (x, y) => x ^ y),
  not: (a) => (a.type === 'mask' ? mask(valueOf(a) === 0) : i32(~valueOf(a))),
  shl: (a, distance) => i32(valueOf(a) << distance),
  shrS: (a, distance) => i32(valueOf(a) >> distance),
  shrU: (a, distance) => i32(valueOf(a) >>> distance),
  divS: (a, b) => integer(a, b, (x, y) => Math.trunc(x / y)),
  remS: (a, b) => integer(a, b, (x, y) => x % y),
  eq: (a, b) => {
    const { x, y } = pair(a, b);
    return mask(x === y);
  },
  lt: (a, b) => {
    const { x, y } = pair(a, b);
    return mask(x < y);
  },
  le: (a, b) => {
    const { x, y } = pair(a, b);
    return mask(x <= y);
  },
  select: (condition, yes, no) => {
    const { type, x, y } = pair(yes, no);
    return known(type, valueOf(condition) !== 0 ? x : y);
  },
  toFloat: (a) => f32(valueOf(a)),
  toInt: (a) => i32(saturated(valueOf(a))),
  bitsOf: (a) => {
    floats[0] = valueOf(a);
    return i32(whole[0]!);
  },
  ofBits: (a) => {
    whole[0] = valueOf(a);
    return f32(floats[0]!);
  },
  truth: (a) => mask(valueOf(a) !== 0),
  bit: (a) => i32(valueOf(a)),
  polynomial: (x, coefficients) =>
    coefficients.reduceRight<Scalar>(
      (sum, coefficient, i) =>
        i === coefficients.length - 1
          ? f32(coefficient)
          : eagerScalars.add(eagerScalars.mul(sum, x), coefficient),
      f32(0),
    ),
};
