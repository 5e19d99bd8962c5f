/** Emits loop kernels: elementwise work, reductions, row-wise passes, gathers and scatters. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { LoopKernel, Region } from '../../../5-plan/plan.ts';
import { product, valueOf } from '../../../ir/dim.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import type { KernelFunction, Share } from '../kernel-function.ts';
import { frameFor } from '../kernel-function.ts';
import { KernelValues } from '../scalar/values.ts';
import type { Split } from '../threads/split.ts';
import { splitOf } from '../threads/split.ts';
import type { Walker } from './addresses.ts';
import { Walkers } from './addresses.ts';
import { iterate, repeat, whileLeft } from './counted-loops.ts';
import { Emitter } from './emitter.ts';
import { Fold } from './folds.ts';
import type { Nest } from './loop-nest.ts';
import { nestOf } from './loop-nest.ts';
import type { Placement } from './placement.ts';
import { Sizes } from './sizes.ts';
import type { Live } from './stores.ts';
import { Stores } from './stores.ts';
import { vectorise } from './vectorise.ts';

/** With `sharedAt`, the capacity of the plan, threads divide the kernel where its loops allow it. */
export function emitLoops(kernel: LoopKernel, regions: readonly Region[], sharedAt?: number): KernelFunction {
  const nest = nestOf(kernel);
  const values = new KernelValues(regions, nest.stages);
  const { placement, unroll } = vectorise(nest, values);
  const split = sharedAt === undefined ? undefined : splitNest(nest, placement, regions, sharedAt);
  const frame = frameFor(values.regionsUsed(), split);
  new LoopNest({ ...frame, nest, values, placement, unroll, regions }).emit();
  return frame.finish();
}

/** A fold stays within a thread: only the outer loops can be divided. */
function splitNest(
  { loops, outer, stages }: Nest,
  { vectorLoop }: Placement,
  regions: readonly Region[],
  capacity: number,
): Split | undefined {
  const candidates = loops.slice(0, outer).map((size, loop) => {
    const isLong = valueOf(size, { B: capacity }) >= longLoop;
    return { loop, grain: loop !== vectorLoop ? 1 : isLong ? mostLanes : 4, repeated: 0 };
  });
  return splitOf(candidates, { extents: loops, stages, operands: [] }, regions, capacity);
}

/** Elements in one iteration of a vector loop that is unrolled as far as any. */
const mostLanes = 16;
/** In a shorter loop, such iterations are too few to be divided evenly. */
const longLoop = 256;

interface LoopNestParts {
  readonly f: FunctionBody;
  readonly rows: Local;
  readonly baseOf: (region: number) => Local;
  readonly share: Share | undefined;
  readonly nest: Nest;
  readonly values: KernelValues;
  readonly placement: Placement;
  readonly unroll: number;
  readonly regions: readonly Region[];
}

class LoopNest {
  readonly #f: FunctionBody;
  readonly #share: Share | undefined;
  readonly #nest: Nest;
  readonly #values: KernelValues;
  readonly #placement: Placement;
  readonly #unroll: number;
  readonly #sizes: Sizes;
  readonly #walkers: Walkers;
  readonly #emitter: Emitter;
  readonly #stores: Stores;
  readonly #mayOverrun: boolean;
  /** Vectors in the present iteration of the vector loop, and how many lanes of them count. */
  #parts = 1;
  #live: Live = 4;
  #folds: { readonly fold: Fold; readonly accumulators: readonly Local[] }[] = [];

  constructor({ f, rows, baseOf, share, nest, values, placement, unroll, regions }: LoopNestParts) {
    this.#f = f;
    this.#share = share;
    this.#nest = nest;
    this.#values = values;
    this.#placement = placement;
    this.#unroll = unroll;
    this.#sizes = new Sizes(f, rows);
    this.#walkers = new Walkers(f, this.#sizes);
    this.#emitter = new Emitter({ f, sizes: this.#sizes, walkers: this.#walkers, values, baseOf, placement });
    this.#stores = new Stores(f, this.#emitter, placement);
    this.#mayOverrun = nest.outer === 1 && nest.loops.length === 1 && fillsRegions(nest, values, regions);
  }

  emit(): void {
    this.#inOuter(0);
  }

  /** The body of the outer loop at this level; level 0 is the function. */
  #inOuter(level: number): void {
    const stages = this.#nest.stages.map((_, stage) => stage);
    if (level === this.#nest.outer) {
      for (const stage of stages) this.#stage(stage, level);
      return;
    }
    for (const stage of stages) this.#emitter.hoist(stage, level, this.#parts);
    const walkers = stages.flatMap((stage) => this.#emitter.walkersOf(stage));
    this.#loop(level, walkers, () => this.#inOuter(level + 1));
  }

  #stage(stage: number, level: number): void {
    const { over, folds } = this.#values.stages[stage]!;
    if (over === 'outer') {
      this.#body(stage);
      return;
    }
    const { vectorLoop } = this.#placement;
    const acrossLanes = vectorLoop !== undefined && vectorLoop >= this.#nest.outer;
    this.#folds = folds.map(({ fold: kind, value }) => {
      const fold = new Fold(this.#f, kind, value);
      const form = acrossLanes ? 'vector' : this.#placement.formOf(value);
      const count = acrossLanes ? this.#unroll : form === 'vector' ? this.#parts : 1;
      return { fold, accumulators: Array.from({ length: count }, () => fold.begin(form)) };
    });
    this.#inInner(stage, level);
    for (const [i, { fold, accumulators }] of this.#folds.entries()) {
      const { result } = folds[i]!;
      if (acrossLanes) this.#emitter.bind(result, 0, fold.finish(accumulators));
      else for (const [part, local] of accumulators.entries()) this.#emitter.bind(result, part, local);
    }
    this.#folds = [];
  }

  #inInner(stage: number, level: number): void {
    if (level === this.#nest.loops.length) {
      this.#body(stage);
      return;
    }
    this.#emitter.hoist(stage, level, this.#parts);
    this.#loop(level, this.#emitter.walkersOf(stage), () => this.#inInner(stage, level + 1));
  }

  #loop(loop: number, walkers: readonly Walker[], body: () => void): void {
    const moving = this.#walkers.enter(loop, walkers);
    const iteration = (count: number): void => {
      this.#emitter.scope(body);
      this.#walkers.advance(loop, moving, count);
    };
    const share = this.#share?.loop === loop ? this.#share : undefined;
    if (share) this.#walkers.skip(loop, moving, share.first);
    const size = share ? share.count : this.#nest.loops[loop]!;
    if (loop === this.#placement.vectorLoop) this.#inFours(size, iteration);
    else iterate(this.#f, this.#sizes, size, () => iteration(1));
    this.#walkers.leave(moving);
  }

  /** Iterations of several vectors while they last, then of one, then what is left in the leading lanes of one. */
  #inFours(size: Dim | Local, iteration: (count: number) => void): void {
    const unrolled = (parts: number): void => {
      this.#parts = parts;
      iteration(4 * parts);
      this.#parts = 1;
    };
    const partly = (live: Live): void => {
      this.#live = live;
      iteration(4);
      this.#live = 4;
    };
    if (typeof size === 'number') {
      const all = this.#mayOverrun ? Math.ceil(size / 4) * 4 : size;
      repeat(this.#f, Math.floor(all / (4 * this.#unroll)), () => unrolled(this.#unroll));
      if (this.#unroll > 1) repeat(this.#f, Math.floor((all % (4 * this.#unroll)) / 4), () => unrolled(1));
      if (all % 4 !== 0) partly(all % 4);
      return;
    }
    const left = this.#f.local('i32');
    this.#sizes.push(size);
    this.#f.set(left);
    if (this.#unroll > 1) whileLeft(this.#f, left, 4 * this.#unroll, () => unrolled(this.#unroll));
    if (this.#mayOverrun) {
      whileLeft(this.#f, left, 1, () => unrolled(1), 4);
    } else {
      whileLeft(this.#f, left, 4, () => unrolled(1));
      this.#f.get(left);
      this.#f.if(() => partly(left));
    }
    this.#f.release(left);
  }

  #body(stage: number): void {
    const { over, stores, folds } = this.#values.stages[stage]!;
    const { vectorLoop } = this.#placement;
    const inFours = vectorLoop !== undefined && (over === 'inner' || vectorLoop < this.#nest.outer);
    const acrossLanes = inFours && vectorLoop >= this.#nest.outer;
    const parts = inFours ? this.#parts : 1;
    for (let part = 0; part < parts; part++) {
      for (const value of this.#values.carried(stage))
        this.#emitter.ready(value, this.#placement.formOf(value), part);
      for (const store of stores) this.#stores.prepare(store, part);
      for (const [i, { value }] of folds.entries()) {
        const { fold, accumulators } = this.#folds[i]!;
        const accumulator = accumulators[part] ?? (part === 0 ? accumulators[0] : undefined);
        if (!accumulator) continue;
        const form = accumulator.type === 'v128' ? 'vector' : 'lane';
        const mask = acrossLanes && this.#live !== 4 ? () => this.#mask() : undefined;
        fold.accumulate(accumulator, () => this.#emitter.push(value, form, part), mask);
      }
      for (const store of stores) this.#stores.emit(store, part, this.#live);
    }
  }

  /** All bits of the lanes that count. */
  #mask(): void {
    if (typeof this.#live === 'number') {
      const live = this.#live;
      this.#emitter.words([0, 1, 2, 3].map((lane) => (lane < live ? -1 : 0)));
      return;
    }
    this.#emitter.words([0, 1, 2, 3]);
    this.#f.get(this.#live);
    this.#f.op('i32x4.splat');
    this.#f.op('i32x4.lt_s');
  }
}

/** Whether all that is stored are whole regions in order, so that the last vector may run into their padding. */
function fillsRegions({ loops }: Nest, values: KernelValues, regions: readonly Region[]): boolean {
  return values.stages.every(({ stores }) =>
    stores.every(({ place, add }) => {
      const { shape } = regions[place.region]!;
      return (
        !add && !place.lookup && place.offset === 0 && place.strides[0] === 1 && product(shape) === loops[0]
      );
    }),
  );
}
