/** One scalar operation on a single lane. Masks are 0 or 1. */
import type { LaneType, Scalar, ScalarOp } from '../../../op/scalar.ts';
import type { FunctionBody } from '../assembler/function.ts';
import type { InstructionName } from '../assembler/instructions.ts';
import { emitDivision } from './integer-division.ts';
import type { PushArgument } from './operation.ts';
import { isBit } from './scalar-builder.ts';

/** By the type of the first argument. */
const names: Readonly<Record<LaneType, Partial<Record<ScalarOp, InstructionName>>>> = {
  f32: {
    add: 'f32.add',
    sub: 'f32.sub',
    mul: 'f32.mul',
    div: 'f32.div',
    min: 'f32.min',
    max: 'f32.max',
    neg: 'f32.neg',
    abs: 'f32.abs',
    sqrt: 'f32.sqrt',
    floor: 'f32.floor',
    ceil: 'f32.ceil',
    trunc: 'f32.trunc',
    nearest: 'f32.nearest',
    toInt: 'i32.trunc_sat_f32_s',
    bitsOf: 'i32.reinterpret_f32',
    eq: 'f32.eq',
    lt: 'f32.lt',
    le: 'f32.le',
  },
  i32: {
    add: 'i32.add',
    sub: 'i32.sub',
    mul: 'i32.mul',
    and: 'i32.and',
    or: 'i32.or',
    xor: 'i32.xor',
    shl: 'i32.shl',
    shrS: 'i32.shr_s',
    shrU: 'i32.shr_u',
    toFloat: 'f32.convert_i32_s',
    ofBits: 'f32.reinterpret_i32',
    eq: 'i32.eq',
    lt: 'i32.lt_s',
    le: 'i32.le_s',
  },
  mask: { and: 'i32.and', or: 'i32.or', xor: 'i32.xor', not: 'i32.eqz' },
};

type Emit = (f: FunctionBody, push: PushArgument) => void;

/** Integer operations without an instruction of their own. */
const composed: Partial<Record<ScalarOp, Emit>> = {
  neg: (f, push) => {
    f.i32(0);
    push(0);
    f.op('i32.sub');
  },
  not: (f, push) => {
    push(0);
    f.i32(-1);
    f.op('i32.xor');
  },
  // (x xor s) − s, where s is x's sign in every bit
  abs: (f, push) => {
    const sign = (): void => {
      push(0);
      f.i32(31);
      f.op('i32.shr_s');
    };
    push(0);
    sign();
    f.op('i32.xor');
    sign();
    f.op('i32.sub');
  },
  min: (f, push) => bound(f, push, 'i32.lt_s'),
  max: (f, push) => bound(f, push, 'i32.gt_s'),
  divS: (f, push) => emitDivision(f, 'divS', push),
  remS: (f, push) => emitDivision(f, 'remS', push),
};

export function emitOnLane(f: FunctionBody, value: Scalar, push: PushArgument): void {
  const { op, args, type } = value;
  if (op === 'select') {
    // As a number, the truth of a lane is what it is.
    if (isBit(value)) push(0);
    else choose(f, push);
    return;
  }
  const special = type === 'i32' ? composed[op] : undefined;
  if (special) {
    special(f, push);
    return;
  }
  const operand = args[0]!.type;
  const name = names[operand][op];
  if (!name) throw new Error(`internal: no lane form of ${op} on ${operand}`);
  for (const argument of args.keys()) push(argument);
  f.op(name);
}

function choose(f: FunctionBody, push: PushArgument): void {
  push(1);
  push(2);
  push(0);
  f.select();
}

function bound(f: FunctionBody, push: PushArgument, better: InstructionName): void {
  push(0);
  push(1);
  push(0);
  push(1);
  f.op(better);
  f.select();
}
