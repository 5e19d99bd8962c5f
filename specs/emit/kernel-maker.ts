/** Makes up kernels with their memory: any loops, layouts, lookups, stages and folds that a plan may hold. */
import type { Access, Kernel, Plan, Region, Stage, Step, Store } from '../../compiler/5-plan/plan.ts';
import { product, stridesOf, valueOf } from '../../compiler/ir/dim.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import { cardOf } from '../../compiler/op/card.ts';
import type { Dim, DType } from '../../dsl/tensor.ts';
import * as ops from '../../stdlib/index.ts';
import type { Chooser } from './chooser.ts';
import { planOf } from './run-plan.ts';

export interface MadeCase {
  readonly plan: Plan;
  readonly rows: number;
  readonly before: ReadonlyMap<number, readonly number[]>;
  /** What is in it, for the count. */
  readonly features: ReadonlySet<string>;
}

interface Operation {
  readonly card: Primitive;
  readonly takes: readonly DType[];
  readonly gives: DType;
}

const primitive = (op: { readonly card: unknown }): Primitive =>
  cardOf(op as Parameters<typeof cardOf>[0]) as Primitive;

const onNumbers = (dtype: DType): Operation[] => [
  ...[ops.add, ops.subtract, ops.multiply, ops.maximum, ops.minimum].map((op) => ({
    card: primitive(op),
    takes: [dtype, dtype],
    gives: dtype,
  })),
  ...[ops.neg, ops.abs].map((op) => ({ card: primitive(op), takes: [dtype], gives: dtype })),
  ...[ops.less, ops.equal].map((op) => ({
    card: primitive(op),
    takes: [dtype, dtype],
    gives: 'bool' as const,
  })),
  { card: primitive(ops.where), takes: ['bool', dtype, dtype], gives: dtype },
];

const operations: readonly Operation[] = [
  ...onNumbers('float32'),
  ...onNumbers('int32'),
  { card: primitive(ops.logicalNot), takes: ['bool'], gives: 'bool' },
  { card: primitive(ops.where), takes: ['bool', 'bool', 'bool'], gives: 'bool' },
];

/** A value within ±bound, so that sums and products of it are exact in any order. */
const bound = { add: 50, multiply: 1, max: 1e6, min: 1e6 } as const;

export class KernelMaker {
  readonly choose: Chooser;
  readonly capacity: number;
  readonly rows: number;
  readonly features = new Set<string>();
  readonly #regions: Omit<Region, 'offset' | 'bytes'>[] = [];
  readonly #before = new Map<number, number[]>();

  constructor(choose: Chooser, rows?: { readonly capacity: number; readonly rows: number }) {
    this.choose = choose;
    this.capacity = rows?.capacity ?? choose.whole(1, 9);
    this.rows = rows?.rows ?? choose.whole(0, this.capacity);
  }

  finish(kernel: Kernel): MadeCase {
    const plan = planOf(this.#regions, [kernel], this.capacity);
    return { plan, rows: this.rows, before: this.#before, features: this.features };
  }

  extents(most: number): Dim[] {
    const sizes: readonly Dim[] = [
      1,
      2,
      3,
      4,
      5,
      7,
      8,
      9,
      10,
      16,
      17,
      'B',
      'B',
      'B',
      '3*B',
      this.choose.chance(5) ? 0 : 6,
    ];
    const extents = Array.from({ length: this.choose.whole(0, most) }, () => this.choose.one(sizes));
    return valueOf(product(extents), { B: this.capacity }) > 2000 ? extents.slice(0, 1) : extents;
  }

  region(dtype: DType, shape: readonly Dim[], value?: () => number): number {
    const number = this.#regions.push({ name: `r${this.#regions.length}`, kind: 'input', dtype, shape }) - 1;
    const count = valueOf(product(shape), { B: this.rows });
    const content = value ?? (() => (dtype === 'bool' ? this.choose.whole(0, 1) : this.choose.whole(-9, 9)));
    this.#before.set(number, Array.from({ length: count }, content));
    return number;
  }

  /** Memory for one element a point of the loops that `follows` names, in any order, spread and direction. */
  access(
    extents: readonly Dim[],
    follows: readonly boolean[],
    dtype: DType,
    lookup?: { value: number; limit: number },
  ): Access {
    const loops = extents.flatMap((_, loop) => (follows[loop] ? [loop] : []));
    const order = this.choose.chance(3) ? this.choose.shuffled(loops) : loops;
    const spread = this.choose.chance(5) ? 2 : 1;
    const shape: Dim[] = [
      ...(lookup ? [lookup.limit] : []),
      ...order.map((loop) => extents[loop]!),
      ...(spread > 1 ? [spread] : []),
    ];
    const all = stridesOf(shape);
    const own = lookup ? all.slice(1) : all;
    let offset = spread > 1 && this.choose.chance(2) ? 1 : 0;
    const strides = extents.map((extent, loop): Dim => {
      const stride = follows[loop] ? own[order.indexOf(loop)]! : 0;
      if (
        typeof stride !== 'number' ||
        typeof extent !== 'number' ||
        extent < 2 ||
        stride === 0 ||
        !this.choose.chance(9)
      )
        return stride;
      offset += (extent - 1) * stride;
      this.features.add('backward');
      return -stride;
    });
    if (strides.some((stride, i) => follows[i] && stride !== 1)) this.features.add('strided');
    const region = this.region(dtype, shape);
    const lookups = lookup && [{ value: lookup.value, stride: all[0]!, limit: lookup.limit }];
    return { region, strides, offset, ...(lookups && { lookups }) };
  }

  /** Steps that end in values of all sorts; what comes before may be referred to. */
  body(extents: readonly Dim[], scope: readonly boolean[], earlier: readonly Step[]): Step[] {
    const body: Step[] = [...earlier];
    const follows = (): boolean[] => scope.map((within) => within && !this.choose.chance(4));
    const reads = this.choose.whole(1, 3);
    for (let i = 0; i < reads; i++) {
      const dtype = this.choose.one(['float32', 'float32', 'int32', 'bool'] as const);
      body.push({ kind: 'read', access: this.access(extents, follows(), dtype), dtype });
    }
    if (this.choose.chance(4)) this.#gather(body, extents, follows());
    if (this.choose.chance(4)) {
      const strides = scope.map((within): Dim => (within ? this.choose.one([0, 1, 3, 'B'] as const) : 0));
      body.push({ kind: 'index', strides, offset: 2, dtype: this.choose.one(['int32', 'float32'] as const) });
      this.features.add('index');
    }
    if (this.choose.chance(6))
      body.push({ kind: 'dimension', size: '2*B', dtype: this.choose.one(['int32', 'float32'] as const) });
    body.push(this.constant(this.choose.one([0, -0, 1, 0.5, -2] as const)));
    const count = this.choose.whole(0, 6);
    for (let i = 0; i < count; i++) this.#operation(body);
    return body;
  }

  constant(value: number): Step {
    return { kind: 'constant', value, dtype: 'float32' };
  }

  #gather(body: Step[], extents: readonly Dim[], follows: readonly boolean[]): void {
    const limit = this.choose.whole(1, 5);
    const indices = this.access(extents, follows, 'int32');
    const value = body.push({ kind: 'read', access: indices, dtype: 'int32' }) - 1;
    const table = this.access(
      extents,
      follows.map((is) => is && !this.choose.chance(2)),
      'float32',
      { value, limit },
    );
    body.push({ kind: 'read', access: table, dtype: 'float32' });
    this.features.add('gather');
  }

  #operation(body: Step[]): void {
    const { card, takes, gives } = this.choose.one(operations);
    const args = takes.map((dtype) => {
      const fitting = body.flatMap((step, i) => (step.dtype === dtype ? [i] : []));
      return fitting.length > 0 ? this.choose.one(fitting) : -1;
    });
    if (!args.includes(-1)) body.push({ kind: 'op', card, attributes: {}, args, dtype: gives });
  }

  /** The number of a value of `body` that lies within ±most. */
  bounded(body: Step[], value: number, most: number): number {
    const { dtype } = body[value]!;
    if (dtype === 'bool') return value;
    const limit = (card: Primitive, number: number, of: number): number => {
      const at = body.push({ kind: 'constant', value: number, dtype }) - 1;
      return body.push({ kind: 'op', card, attributes: {}, args: [of, at], dtype }) - 1;
    };
    return limit(primitive(ops.maximum), -most, limit(primitive(ops.minimum), most, value));
  }

  /** Stores some values: to memory of their own, in place of what was read, or added where an index says. */
  stores(body: Step[], extents: readonly Dim[], scope: readonly boolean[], count: number): Store[] {
    const used = new Set<number>();
    return Array.from({ length: count }, (): Store => {
      const value = this.choose.whole(0, body.length - 1);
      const { dtype } = body[value]!;
      const places = body.flatMap((step) =>
        step.kind === 'read' &&
        step.dtype === dtype &&
        !step.access.lookups &&
        !used.has(step.access.region) &&
        scope.every((within, loop) => !within || step.access.strides[loop] !== 0)
          ? [step.access]
          : [],
      );
      if (places.length > 0 && this.choose.chance(3)) {
        const access = this.choose.one(places);
        used.add(access.region);
        this.features.add('in place');
        return { access, value };
      }
      const indices = body.flatMap((step, i) => (step.kind === 'read' && step.dtype === 'int32' ? [i] : []));
      if (indices.length > 0 && dtype !== 'bool' && this.choose.chance(3))
        return this.#scatter(body, extents, scope, value, this.choose.one(indices));
      return { access: this.access(extents, scope, dtype), value };
    });
  }

  #scatter(
    body: Step[],
    extents: readonly Dim[],
    scope: readonly boolean[],
    value: number,
    index: number,
  ): Store {
    const { dtype } = body[value]!;
    const lookup = { value: index, limit: this.choose.whole(1, 4) };
    const access = this.access(
      extents,
      scope.map((within) => within && !this.choose.chance(2)),
      dtype,
      lookup,
    );
    this.features.add('scatter');
    if (dtype !== 'float32') return { access, value, add: true };
    // Thirds are inexact: their sum shows in which order it was made.
    const third = body.push(this.constant(1 / 3)) - 1;
    const scaled =
      body.push({ kind: 'op', card: primitive(ops.multiply), attributes: {}, args: [value, third], dtype }) -
      1;
    return { access, value: scaled, add: true };
  }

  stage(over: Stage['over'], extents: readonly Dim[], outer: number, before: readonly Stage[]): Stage {
    const scope = extents.map((_, loop) => over === 'inner' || loop < outer);
    const earlier = before.flatMap(({ over: where, body, folds }, stage): Step[] => {
      const values = where === 'outer' ? body.map(({ dtype }, index) => ({ dtype, index })) : [];
      const folded = folds.map(({ value }, k) => ({
        dtype: body[value]!.dtype === 'float32' ? ('float32' as const) : ('int32' as const),
        index: body.length + k,
      }));
      return [...values, ...folded].map(({ dtype, index }) => ({ kind: 'earlier', stage, index, dtype }));
    });
    const body = this.body(
      extents,
      scope,
      earlier.filter(() => this.choose.chance(2)),
    );
    const folds = over === 'inner' ? this.#folds(body) : [];
    const count = this.choose.whole(folds.length > 0 ? 0 : 1, 2);
    return { over, body, stores: this.stores(body, extents, scope, count), folds };
  }

  #folds(body: Step[]): Stage['folds'] {
    const count = this.choose.whole(0, 2);
    if (count > 0) this.features.add('folds');
    return Array.from({ length: count }, () => {
      const fold = this.choose.one([
        'add' as const,
        'multiply' as const,
        'max' as const,
        'min' as const,
      ] as const);
      const numbers = body.flatMap(({ dtype }, i) => (dtype === 'bool' ? [] : [i]));
      return { fold, value: this.bounded(body, this.choose.one(numbers), bound[fold]) };
    });
  }
}
