/** What a scalar operation gives on constants, to the bit; the meaning that both emitted forms are tested against. */
import type { LaneType, ScalarOp } from '../../../op/scalar.ts';
import { bitsOfFloat, floatOfBits } from '../assembler/encoding.ts';

const nearestEven = (x: number): number => {
  const low = Math.floor(x);
  const rest = x - low;
  const up = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
  const rounded = up ? low + 1 : low;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
};

const floats: Partial<Record<ScalarOp, (...xs: number[]) => number>> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  neg: (a) => -a!,
  abs: (a) => Math.abs(a!),
  sqrt: (a) => Math.sqrt(a!),
  floor: (a) => Math.floor(a!),
  ceil: (a) => Math.ceil(a!),
  trunc: (a) => Math.trunc(a!),
  nearest: (a) => nearestEven(a!),
};

const words: Partial<Record<ScalarOp, (...xs: number[]) => number>> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => Math.imul(a!, b!),
  min: (a, b) => Math.min(a!, b!),
  max: (a, b) => Math.max(a!, b!),
  neg: (a) => -a!,
  abs: (a) => Math.abs(a!),
  and: (a, b) => a! & b!,
  or: (a, b) => a! | b!,
  xor: (a, b) => a! ^ b!,
  not: (a) => ~a!,
  shl: (a, b) => a! << b!,
  shrS: (a, b) => a! >> b!,
  shrU: (a, b) => a! >>> b!,
  divS: (a, b) => Math.trunc(a! / b!),
  remS: (a, b) => a! % b!,
};

const truths: Partial<Record<ScalarOp, (...xs: number[]) => boolean>> = {
  eq: (a, b) => a === b,
  lt: (a, b) => a! < b!,
  le: (a, b) => a! <= b!,
  and: (a, b) => a! + b! === 2,
  or: (a, b) => a! + b! > 0,
  xor: (a, b) => a !== b,
  not: (a) => a === 0,
};

/**
 * The value of `op` of type `type` on numbers (masks as 0 or 1), or nothing where it traps or is not a calculation.
 * Double precision rounded once is correctly rounded binary32 for each of the operations here.
 */
export function fold(op: ScalarOp, type: LaneType, xs: readonly number[]): number | undefined {
  switch (op) {
    case 'select':
      return xs[0] === 0 ? xs[2] : xs[1];
    case 'toFloat':
      return Math.fround(xs[0]!);
    case 'toInt':
      return Number.isNaN(xs[0]) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(xs[0]!))) | 0;
    case 'bitsOf':
      return bitsOfFloat(xs[0]!);
    case 'ofBits':
      return floatOfBits(xs[0]!);
  }
  if (type === 'mask') {
    const truth = truths[op];
    return truth && Number(truth(...xs));
  }
  if (type === 'f32') {
    const value = floats[op];
    return value && Math.fround(value(...xs));
  }
  if ((op === 'divS' || op === 'remS') && xs[1] === 0) return undefined;
  const value = words[op];
  return value && value(...xs) | 0;
}
