/** One scalar operation on the four lanes of a vector. Masks have all bits of a lane set, or none. */
import type { LaneType, Scalar, ScalarOp } from '../../../op/scalar.ts';
import type { FunctionBody } from '../assembler/function.ts';
import type { InstructionName } from '../assembler/instructions.ts';
import { emitLaneDivisions } from './integer-division.ts';
import type { PushArgument } from './operation.ts';

/** By the type of the first argument. */
const names: Readonly<Record<LaneType, Partial<Record<ScalarOp, InstructionName>>>> = {
  f32: {
    add: 'f32x4.add',
    sub: 'f32x4.sub',
    mul: 'f32x4.mul',
    div: 'f32x4.div',
    min: 'f32x4.min',
    max: 'f32x4.max',
    neg: 'f32x4.neg',
    abs: 'f32x4.abs',
    sqrt: 'f32x4.sqrt',
    floor: 'f32x4.floor',
    ceil: 'f32x4.ceil',
    trunc: 'f32x4.trunc',
    nearest: 'f32x4.nearest',
    toInt: 'i32x4.trunc_sat_f32x4_s',
    eq: 'f32x4.eq',
    lt: 'f32x4.lt',
    le: 'f32x4.le',
  },
  i32: {
    add: 'i32x4.add',
    sub: 'i32x4.sub',
    mul: 'i32x4.mul',
    min: 'i32x4.min_s',
    max: 'i32x4.max_s',
    neg: 'i32x4.neg',
    abs: 'i32x4.abs',
    and: 'v128.and',
    or: 'v128.or',
    xor: 'v128.xor',
    not: 'v128.not',
    toFloat: 'f32x4.convert_i32x4_s',
    eq: 'i32x4.eq',
    lt: 'i32x4.lt_s',
    le: 'i32x4.le_s',
  },
  mask: { and: 'v128.and', or: 'v128.or', xor: 'v128.xor', not: 'v128.not' },
};

const shifts = { shl: 'i32x4.shl', shrS: 'i32x4.shr_s', shrU: 'i32x4.shr_u' } as const;

export function emitOnVector(f: FunctionBody, value: Scalar, push: PushArgument): void {
  const { op, args, type } = value;
  switch (op) {
    case 'select':
      emitSelect(f, args, push);
      return;
    case 'bitsOf':
    case 'ofBits':
      push(0);
      return;
    case 'shl':
    case 'shrS':
    case 'shrU':
      push(0);
      f.i32(args[1]!.value!);
      f.op(shifts[op]);
      return;
    case 'divS':
    case 'remS':
      emitLaneDivisions(f, op, push);
      return;
    case 'min':
    case 'max':
      if (type === 'f32' && emitBound(f, op, args[1]!, push)) return;
  }
  const operand = args[0]!.type;
  const name = names[operand][op];
  if (!name) throw new Error(`internal: no vector form of ${op} on ${operand}`);
  for (const argument of args.keys()) push(argument);
  f.op(name);
}

const isPositiveZero = (value: Scalar): boolean => value.op === 'constant' && Object.is(value.value, 0);

/** A choice between something and zero is a mask away from it. */
function emitSelect(f: FunctionBody, [, yes, no]: readonly Scalar[], push: PushArgument): void {
  if (isPositiveZero(no!)) {
    push(1);
    push(0);
    f.op('v128.and');
  } else if (isPositiveZero(yes!)) {
    push(2);
    push(0);
    f.op('v128.andnot');
  } else {
    push(1);
    push(2);
    push(0);
    f.op('v128.bitselect');
  }
}

/**
 * The exact min and max take the machine about seven instructions; the pseudo forms, which keep x unless the bound
 * beats it, take one and give the same when the bound is no NaN and no zero that ties with one of the other sign.
 */
function emitBound(f: FunctionBody, op: 'min' | 'max', bound: Scalar, push: PushArgument): boolean {
  if (bound.op !== 'constant' || Number.isNaN(bound.value)) return false;
  const risky = bound.value === 0 && !Object.is(bound.value, op === 'max' ? -0 : 0);
  if (risky && op === 'min') return false;
  push(0);
  push(1);
  f.op(op === 'max' ? 'f32x4.pmax' : 'f32x4.pmin');
  if (!risky) return true;
  // max(−0, 0) has kept −0; adding 0 puts it right and changes nothing else.
  push(1);
  f.op('f32x4.add');
  return true;
}
