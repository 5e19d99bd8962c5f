/** Emits one scalar operation in either form: on one lane, or on the four lanes of a vector. Both give the same bits. */
import type { Scalar, ScalarOp } from '../../op/scalar.ts';
import type { FunctionBody } from './function.ts';
import type { InstructionName, ValueType } from './instructions.ts';
import { isBit } from './scalar-builder.ts';

export type Form = 'lane' | 'vector';

type Names = Partial<Record<ScalarOp, InstructionName>>;

const onVectors: { readonly f32: Names; readonly i32: Names; readonly mask: Names } = {
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
    shl: 'i32x4.shl',
    shrS: 'i32x4.shr_s',
    shrU: 'i32x4.shr_u',
    toFloat: 'f32x4.convert_i32x4_s',
    eq: 'i32x4.eq',
    lt: 'i32x4.lt_s',
    le: 'i32x4.le_s',
  },
  mask: { and: 'v128.and', or: 'v128.or', xor: 'v128.xor', not: 'v128.not' },
};

const onLanes: { readonly f32: Names; readonly i32: Names; readonly mask: Names } = {
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
    remS: 'i32.rem_s',
    toFloat: 'f32.convert_i32_s',
    ofBits: 'f32.reinterpret_i32',
    eq: 'i32.eq',
    lt: 'i32.lt_s',
    le: 'i32.le_s',
  },
  mask: { and: 'i32.and', or: 'i32.or', xor: 'i32.xor', not: 'i32.eqz' },
};

/** What a value is on the stack. */
export function valueType(value: Scalar, form: Form): ValueType {
  return form === 'vector' ? 'v128' : value.type === 'f32' ? 'f32' : 'i32';
}

/** Whether emission asks for its arguments more than once, so that they had better lie in locals. */
export function repeatsArguments({ op, type }: Scalar, form: Form): boolean {
  if (type !== 'i32') return false;
  return (
    op === 'divS' ||
    (op === 'remS' && form === 'vector') ||
    (form === 'lane' && (op === 'min' || op === 'max' || op === 'abs'))
  );
}

/** Emits `value`; `push(i)` puts its i-th argument on the stack, in the same form. */
export function emitOperation(
  f: FunctionBody,
  value: Scalar,
  form: Form,
  push: (argument: number) => void,
): void {
  if (form === 'vector') onVector(f, value, push);
  else onLane(f, value, push);
}

/** Whether `max(x, constant)` and `min(x, constant)` agree with their cheap forms, which keep x when neither is less. */
function isPlainBound(op: ScalarOp, bound: Scalar): boolean {
  if (bound.op !== 'constant' || bound.type !== 'f32' || Number.isNaN(bound.value)) return false;
  return bound.value !== 0 || Object.is(bound.value, op === 'max' ? -0 : 0);
}

const isPositiveZero = (value: Scalar): boolean => value.op === 'constant' && Object.is(value.value, 0);

function onVector(f: FunctionBody, value: Scalar, push: (argument: number) => void): void {
  const { op, args } = value;
  const operand = args[0]!.type;
  if (op === 'select') return selectVector(f, args, push);
  if (op === 'bitsOf' || op === 'ofBits') return push(0);
  if (op === 'shl' || op === 'shrS' || op === 'shrU') {
    push(0);
    f.i32(args[1]!.value!);
    return f.op(onVectors.i32[op]!);
  }
  if (op === 'divS' || op === 'remS') return divideLanes(f, op, push);
  if ((op === 'max' || op === 'min') && value.type === 'f32') {
    // Three instructions of the machine less than the exact form, for the same result.
    if (isPlainBound(op, args[1]!)) {
      push(0);
      push(1);
      return f.op(op === 'max' ? 'f32x4.pmax' : 'f32x4.pmin');
    }
    if (op === 'max' && isPositiveZero(args[1]!)) {
      push(0);
      push(1);
      f.op('f32x4.pmax');
      // −0 + 0 = 0
      push(1);
      return f.op('f32x4.add');
    }
  }
  const name = onVectors[operand][op];
  if (!name) throw new Error(`internal: no vector form of ${op} on ${operand}`);
  args.forEach((_, i) => push(i));
  f.op(name);
}

function selectVector(
  f: FunctionBody,
  [, yes, no]: readonly Scalar[],
  push: (argument: number) => void,
): void {
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

/** There is no vector division of integers: lane by lane. */
function divideLanes(f: FunctionBody, op: 'divS' | 'remS', push: (argument: number) => void): void {
  for (let lane = 0; lane < 4; lane++) {
    divide(f, op, (argument) => {
      push(argument);
      f.op('i32x4.extract_lane', { lane });
    });
    if (lane === 0) f.op('i32x4.splat');
    else f.op('i32x4.replace_lane', { lane });
  }
}

/** −2³¹ / −1 wraps, where the instruction would trap. */
function divide(f: FunctionBody, op: 'divS' | 'remS', push: (argument: number) => void): void {
  const byMinusOne = (): void => {
    push(1);
    f.i32(-1);
    f.op('i32.eq');
  };
  if (op === 'remS') {
    push(0);
    push(1);
    return f.op('i32.rem_s');
  }
  f.i32(0);
  push(0);
  f.op('i32.sub');
  push(0);
  f.i32(1);
  push(1);
  byMinusOne();
  f.select();
  f.op('i32.div_s');
  byMinusOne();
  f.select();
}

function onLane(f: FunctionBody, value: Scalar, push: (argument: number) => void): void {
  const { op, args, type } = value;
  const operand = args[0]!.type;
  if (op === 'select') {
    if (isBit(value)) return push(0);
    push(1);
    push(2);
    push(0);
    return f.select();
  }
  if (op === 'divS') return divide(f, op, push);
  if (type === 'i32' && operand === 'i32') {
    switch (op) {
      case 'neg':
        f.i32(0);
        push(0);
        return f.op('i32.sub');
      case 'not':
        push(0);
        f.i32(-1);
        return f.op('i32.xor');
      case 'abs':
        return absolute(f, push);
      case 'min':
      case 'max':
        push(0);
        push(1);
        push(0);
        push(1);
        f.op(op === 'min' ? 'i32.lt_s' : 'i32.gt_s');
        return f.select();
    }
  }
  const name = onLanes[operand][op];
  if (!name) throw new Error(`internal: no lane form of ${op} on ${operand}`);
  args.forEach((_, i) => push(i));
  f.op(name);
}

/** (x xor s) − s where s is x's sign in every bit. */
function absolute(f: FunctionBody, push: (argument: number) => void): void {
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
}
