/** Builds scalar expressions as a graph: equal expressions are one node, constants are folded where it is exact. */
import type { LaneType, Scalar, ScalarBuilder, ScalarLike, ScalarOp } from '../../../op/scalar.ts';
import { bitsOfFloat } from '../assembler/encoding.ts';
import { fold } from './scalar-fold.ts';

type Numeric = 'f32' | 'i32';

export class ScalarGraph implements ScalarBuilder {
  readonly #nodes = new Map<string, Scalar>();
  readonly #ids = new Map<Scalar, number>();

  f32(value: number): Scalar {
    return this.#node('constant', 'f32', [], Math.fround(value));
  }

  i32(value: number): Scalar {
    return this.#node('constant', 'i32', [], value | 0);
  }

  /** A value that comes from outside the expression; equal numbers are one value. */
  source(type: Numeric, number: number): Scalar {
    return this.#node('read', type, [], number);
  }

  /** A number of its own for each value. */
  id(value: Scalar): number {
    return this.#ids.get(value)!;
  }

  /** As the dtypes lie in memory: a mask as an integer 0 or 1, all else as it is. */
  stored(value: Scalar): Scalar {
    return value.type === 'mask' ? this.bit(value) : value;
  }

  add(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#arithmetic('add', a, b);
  }
  sub(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#arithmetic('sub', a, b);
  }
  mul(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#arithmetic('mul', a, b);
  }
  div(a: ScalarLike, b: ScalarLike): Scalar {
    const [x, y] = this.#pair(a, b);
    if (x.type !== 'f32') throw new Error('internal: div is for floats; integers have divS');
    return this.#node('div', 'f32', [x, y]);
  }
  min(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#bound('min', a, b);
  }
  max(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#bound('max', a, b);
  }

  neg(a: Scalar): Scalar {
    return this.#unary('neg', a);
  }
  abs(a: Scalar): Scalar {
    return this.#unary('abs', a);
  }
  sqrt(a: Scalar): Scalar {
    return this.#float('sqrt', a);
  }
  floor(a: Scalar): Scalar {
    return this.#float('floor', a);
  }
  ceil(a: Scalar): Scalar {
    return this.#float('ceil', a);
  }
  trunc(a: Scalar): Scalar {
    return this.#float('trunc', a);
  }
  nearest(a: Scalar): Scalar {
    return this.#float('nearest', a);
  }

  and(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#logic('and', a, b);
  }
  or(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#logic('or', a, b);
  }
  xor(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#logic('xor', a, b);
  }
  not(a: Scalar): Scalar {
    if (a.op === 'not') return a.args[0]!;
    return this.#node('not', a.type === 'mask' ? 'mask' : expect(a, 'i32').type, [a]);
  }

  shl(a: Scalar, distance: number): Scalar {
    return this.#shift('shl', a, distance);
  }
  shrS(a: Scalar, distance: number): Scalar {
    return this.#shift('shrS', a, distance);
  }
  shrU(a: Scalar, distance: number): Scalar {
    return this.#shift('shrU', a, distance);
  }
  divS(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#integer('divS', a, b);
  }
  remS(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#integer('remS', a, b);
  }

  eq(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#node('eq', 'mask', this.#pair(a, b));
  }
  lt(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#node('lt', 'mask', this.#pair(a, b));
  }
  le(a: ScalarLike, b: ScalarLike): Scalar {
    return this.#node('le', 'mask', this.#pair(a, b));
  }

  select(condition: Scalar, yes: ScalarLike, no: ScalarLike): Scalar {
    const mask = this.truth(condition);
    const [a, b] =
      typeof yes !== 'number' && typeof no !== 'number' && yes.type === 'mask' && no.type === 'mask'
        ? [yes, no]
        : this.#pair(yes, no);
    if (mask.op === 'constant') return mask.value === 0 ? b : a;
    if (a === b) return a;
    return this.#node('select', a.type, [mask, a, b]);
  }

  toFloat(a: Scalar): Scalar {
    const whole = expect(this.stored(a), 'i32');
    if (isChoice(whole))
      return this.select(whole.args[0]!, this.toFloat(whole.args[1]!), this.toFloat(whole.args[2]!));
    return this.#node('toFloat', 'f32', [whole]);
  }
  toInt(a: Scalar): Scalar {
    return this.#node('toInt', 'i32', [expect(a, 'f32')]);
  }
  bitsOf(a: Scalar): Scalar {
    return a.op === 'ofBits' ? a.args[0]! : this.#node('bitsOf', 'i32', [expect(a, 'f32')]);
  }
  ofBits(a: Scalar): Scalar {
    return this.#node('ofBits', 'f32', [expect(a, 'i32')]);
  }

  truth(a: Scalar): Scalar {
    if (a.type === 'mask') return a;
    if (isBit(a)) return a.args[0]!;
    return this.not(this.eq(expect(a, 'i32'), 0));
  }
  bit(mask: Scalar): Scalar {
    return mask.type === 'mask' ? this.select(mask, this.i32(1), this.i32(0)) : expect(mask, 'i32');
  }

  polynomial(x: Scalar, coefficients: readonly number[]): Scalar {
    const [highest, ...rest] = [...coefficients].reverse();
    return rest.reduce((sum, coefficient) => this.add(this.mul(sum, x), coefficient), this.f32(highest ?? 0));
  }

  #arithmetic(op: ScalarOp, a: ScalarLike, b: ScalarLike): Scalar {
    const [x, y] = this.#pair(a, b);
    return this.#node(op, x.type, [x, y]);
  }

  /** The order of the arguments does not matter; constants come second, where emission looks for them. */
  #bound(op: ScalarOp, a: ScalarLike, b: ScalarLike): Scalar {
    const [x, y] = this.#pair(a, b);
    return this.#node(op, x.type, x.op === 'constant' ? [y, x] : [x, y]);
  }

  #integer(op: ScalarOp, a: ScalarLike, b: ScalarLike): Scalar {
    const [x, y] = this.#pair(a, b);
    return this.#node(op, expect(x, 'i32').type, [x, y]);
  }

  #unary(op: ScalarOp, a: Scalar): Scalar {
    const value = this.stored(a);
    return this.#node(op, value.type, [value]);
  }

  #float(op: ScalarOp, a: Scalar): Scalar {
    return this.#node(op, expect(a, 'f32').type, [a]);
  }

  #logic(op: ScalarOp, a: ScalarLike, b: ScalarLike): Scalar {
    const isMask = (x: ScalarLike): boolean => typeof x !== 'number' && x.type === 'mask';
    if (isMask(a) && isMask(b)) return this.#node(op, 'mask', [a as Scalar, b as Scalar]);
    const [x, y] = this.#pair(a, b);
    return this.#node(op, expect(x, 'i32').type, [x, y]);
  }

  #shift(op: ScalarOp, a: Scalar, distance: number): Scalar {
    if (!Number.isInteger(distance) || distance < 0 || distance > 31)
      throw new Error(`internal: a shift by ${distance}`);
    if (distance === 0) return expect(a, 'i32');
    return this.#node(op, expect(a, 'i32').type, [a, this.i32(distance)]);
  }

  /** Two operands of one type: a plain number takes the other's, a mask counts as 0 or 1. */
  #pair(a: ScalarLike, b: ScalarLike): [Scalar, Scalar] {
    const like = (value: number, other: ScalarLike): Scalar =>
      typeof other !== 'number' && other.type !== 'f32' ? this.i32(value) : this.f32(value);
    const x = typeof a === 'number' ? like(a, b) : this.stored(a);
    const y = typeof b === 'number' ? like(b, a) : this.stored(b);
    if (x.type !== y.type) throw new Error(`internal: operands of types ${x.type} and ${y.type}`);
    return [x, y];
  }

  #node(op: ScalarOp, type: LaneType, args: readonly Scalar[], value?: number): Scalar {
    if (args.length > 0 && args.every((arg) => arg.op === 'constant')) {
      const folded = fold(
        op,
        type,
        args.map((arg) => arg.value!),
      );
      if (folded !== undefined) return this.#node('constant', type, [], folded);
    }
    const bits = value === undefined ? '' : type === 'f32' && op === 'constant' ? bitsOfFloat(value) : value;
    const key = `${op} ${type} ${args.map((arg) => this.#ids.get(arg)).join()} ${bits}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const node: Scalar = value === undefined ? { op, type, args } : { op, type, args, value };
    this.#nodes.set(key, node);
    this.#ids.set(node, this.#ids.size);
    return node;
  }
}

/** select(mask, constant, constant): what becomes of a mask that is used as a number. */
function isChoice(value: Scalar): boolean {
  return value.op === 'select' && value.args[1]!.op === 'constant' && value.args[2]!.op === 'constant';
}

/** Whether the value is `bit(mask)`. */
export function isBit(value: Scalar): boolean {
  return value.type === 'i32' && isChoice(value) && value.args[1]!.value === 1 && value.args[2]!.value === 0;
}

function expect(value: Scalar, type: LaneType): Scalar {
  if (value.type !== type) throw new Error(`internal: ${value.op} is ${value.type} where ${type} is needed`);
  return value;
}
