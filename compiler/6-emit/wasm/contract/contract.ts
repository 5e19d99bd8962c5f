/** Emits contractions: tiles of rows and columns held in registers, on packed panels where memory asks for them. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { ContractKernel, Operand, Region } from '../../../5-plan/plan.ts';
import { valueOf } from '../../../ir/dim.ts';
import type { Local } from '../assembler/function.ts';
import type { Frame, KernelFunction, Share } from '../kernel-function.ts';
import { frameFor, scratchRegion } from '../kernel-function.ts';
import type { Walker } from '../loops/addresses.ts';
import { Walkers } from '../loops/addresses.ts';
import { iterate, repeat, whileLeft } from '../loops/counted-loops.ts';
import { Emitter } from '../loops/emitter.ts';
import { Placement } from '../loops/placement.ts';
import { known, Sizes, times } from '../loops/sizes.ts';
import type { Live } from '../loops/stores.ts';
import { Stores } from '../loops/stores.ts';
import { KernelValues } from '../scalar/values.ts';
import type { Split } from '../threads/split.ts';
import { splitOf } from '../threads/split.ts';
import type { ContractLayout } from './contract-layout.ts';
import { layoutOf } from './contract-layout.ts';
import { Packing } from './pack.ts';
import { emitTile } from './tile.ts';

export interface ContractOptions {
  /** Threads divide the kernel, if its loops allow it. */
  readonly isShared: boolean;
  /** Products are added as the host does it fastest: rounded once or twice. */
  readonly isRelaxed: boolean;
}

export function emitContract(
  kernel: ContractKernel,
  regions: readonly Region[],
  capacity: number,
  { isShared, isRelaxed }: ContractOptions = { isShared: false, isRelaxed: false },
): KernelFunction {
  const layout = layoutOf(kernel, capacity);
  const { body, stores, left, right } = layout.kernel;
  const values = new KernelValues(regions, [{ over: 'outer', body, stores, folds: [] }]);
  const scratch = layout.packLeft || layout.packRight ? [scratchRegion] : [];
  const split = isShared ? splitContract(layout, regions, capacity) : undefined;
  const frame = frameFor([left.region, right.region, ...values.regionsUsed(), ...scratch], split);
  const isFloat = regions[left.region]!.dtype === 'float32';
  new Contraction(frame, layout, values, isFloat ? 'f32' : 'i32', isRelaxed).emit();
  return frame.finish();
}

/** Each thread packs what it needs: dividing one side, all of them pack all of the other. */
function splitContract(
  { kernel, vectors, rows: height, packLeft, packRight }: ContractLayout,
  regions: readonly Region[],
  capacity: number,
): Split | undefined {
  const { batch, rows, columns, body, stores, left, right } = kernel;
  const extents = [...batch, rows, columns];
  /** Moving an element into a panel takes about as long as multiplying it twice. */
  const packing = (isPacked: boolean, side: Dim): number =>
    isPacked ? 2 / Math.max(1, valueOf(side, { B: capacity })) : 0;
  const candidates = [
    ...batch.map((_, loop) => ({ loop, grain: 1, repeated: 0 })),
    { loop: batch.length, grain: height, repeated: packing(packRight, rows) },
    { loop: batch.length + 1, grain: 4 * vectors, repeated: packing(packLeft, columns) },
  ];
  const operands = [left.region, right.region];
  return splitOf(candidates, { extents, stages: [{ body, stores }], operands }, regions, capacity);
}

class Contraction {
  readonly #frame: Frame;
  readonly #layout: ContractLayout;
  readonly #kernel: ContractKernel;
  readonly #values: KernelValues;
  readonly #type: 'f32' | 'i32';
  readonly #isRelaxed: boolean;
  readonly #sizes: Sizes;
  readonly #walkers: Walkers;
  readonly #emitter: Emitter;
  readonly #stores: Stores;
  readonly #packing: Packing;
  readonly #rowLoop: number;
  readonly #columnLoop: number;

  constructor(
    frame: Frame,
    layout: ContractLayout,
    values: KernelValues,
    type: 'f32' | 'i32',
    isRelaxed: boolean,
  ) {
    const { f, rows, baseOf } = frame;
    this.#frame = frame;
    this.#layout = layout;
    this.#kernel = layout.kernel;
    this.#values = values;
    this.#type = type;
    this.#isRelaxed = isRelaxed;
    const batch = layout.kernel.batch.length;
    this.#rowLoop = batch;
    this.#columnLoop = batch + 1;
    const placement = new Placement(values, {
      // Panels of columns go around tiles of rows.
      levelOf: (loop) => (loop < batch ? loop + 1 : loop === batch ? batch + 2 : batch + 1),
      stageLevel: () => batch + 2,
      foldLevel: 0,
      vectorLoop: batch + 1,
      foldsVary: false,
    });
    this.#sizes = new Sizes(f, rows);
    this.#walkers = new Walkers(f, this.#sizes);
    this.#emitter = new Emitter({ f, sizes: this.#sizes, walkers: this.#walkers, values, baseOf, placement });
    this.#stores = new Stores(f, this.#emitter, placement);
    this.#packing = new Packing(f, this.#sizes);
  }

  emit(): void {
    const { batch, left, right } = this.#kernel;
    const operands = [this.#operandWalker(left), this.#operandWalker(right)];
    const walkers = [...operands, ...this.#emitter.walkersOf(0)];
    const inBatch = (loop: number): void => {
      this.#emitter.hoist(0, loop, 1);
      if (loop === batch.length) {
        this.#matrix();
        return;
      }
      const moving = this.#walkers.enter(loop, walkers);
      const share = this.#shareOf(loop);
      if (share) this.#walkers.skip(loop, moving, share.first);
      iterate(this.#frame.f, this.#sizes, share ? share.count : batch[loop]!, () => {
        this.#emitter.scope(() => inBatch(loop + 1));
        this.#walkers.advance(loop, moving, 1);
      });
      this.#walkers.leave(moving);
    };
    inBatch(0);
  }

  /** This thread's part of the loop, if that is the one they divide. */
  #shareOf(loop: number): Share | undefined {
    const { share } = this.#frame;
    return share?.loop === loop ? share : undefined;
  }

  #operandWalker({ region, batch }: Operand): Walker {
    return this.#walkers.walker(this.#frame.baseOf(region), [...batch, 0, 0], 4);
  }

  #start(operand: Operand): Local {
    const { f } = this.#frame;
    const local = f.local('i32');
    const rest = this.#walkers.push(this.#operandWalker(operand), operand.offset);
    f.i32(rest);
    f.op('i32.add');
    f.set(local);
    return local;
  }

  #scratch(offset: number): Local {
    const { f, baseOf } = this.#frame;
    const local = f.local('i32');
    f.get(baseOf(scratchRegion));
    f.i32(offset);
    f.op('i32.add');
    f.set(local);
    return local;
  }

  /** One matrix product: the whole kernel, or one iteration of its batch loops. */
  #matrix(): void {
    const { f } = this.#frame;
    const { packLeft, packRight, leftAt } = this.#layout;
    const { left, right } = this.#kernel;
    let rows = this.#start(left);
    const columns = this.#start(right);
    this.#skip(rows, left.free, this.#shareOf(this.#rowLoop));
    this.#skip(columns, right.free, this.#shareOf(this.#columnLoop));
    if (packLeft) {
      const packed = this.#scratch(leftAt);
      this.#packLeft(rows, packed);
      f.release(rows);
      rows = packed;
    }
    const panel = packRight ? this.#scratch(0) : columns;
    const moving = this.#enter(this.#columnLoop);
    this.#overColumns((vectors, live) => {
      if (packRight) this.#packRight(columns, panel, vectors, live);
      this.#emitter.scope(() => {
        this.#emitter.hoist(0, this.#columnLoop, vectors);
        this.#panel(rows, panel, vectors, live);
      });
      this.#walkers.advance(this.#columnLoop, moving, 4 * vectors);
      this.#bump(columns, times(right.free, 16 * vectors));
    });
    this.#walkers.leave(moving);
    for (const local of new Set([rows, columns, panel])) f.release(local);
  }

  /** Starts a loop for the epilogue's walkers, at this thread's first iteration. */
  #enter(loop: number): Walker[] {
    const moving = this.#walkers.enter(loop, this.#emitter.walkersOf(0));
    const share = this.#shareOf(loop);
    if (share) this.#walkers.skip(loop, moving, share.first);
    return moving;
  }

  /** Moves an operand on to this thread's first row or column. */
  #skip(operand: Local, free: Dim, share: Share | undefined): void {
    if (!share) return;
    const { f } = this.#frame;
    f.get(operand);
    f.get(share.first);
    this.#sizes.push(times(free, 4));
    f.op('i32.mul');
    f.op('i32.add');
    f.set(operand);
  }

  /** Panels of the full width, and a narrower one for what is left; `live` counts the lanes of its last vector. */
  #overColumns(panel: (vectors: number, live: Live) => void): void {
    const { f } = this.#frame;
    const { vectors } = this.#layout;
    const columns = known(this.#kernel.columns);
    const share = this.#shareOf(this.#columnLoop);
    const rest = (columns ?? 0) % (4 * vectors);
    const last = (): void => panel(Math.ceil(rest / 4), rest % 4 === 0 ? 4 : rest % 4);
    if (columns !== undefined && !share) {
      repeat(f, Math.floor(columns / (4 * vectors)), () => panel(vectors, 4));
      if (rest > 0) last();
      return;
    }
    const left = f.local('i32');
    this.#sizes.push(share ? share.count : this.#kernel.columns);
    f.set(left);
    whileLeft(f, left, 4 * vectors, () => panel(vectors, 4));
    if (columns === undefined) whileLeft(f, left, 4, () => panel(1, 4));
    if (columns === undefined || rest > 0) {
      f.get(left);
      f.if(columns === undefined ? () => panel(1, left) : last);
    }
    f.release(left);
  }

  /** Tiles of the full height, and lower ones for what is left. */
  #overRows(tile: (height: number) => void): void {
    const { f } = this.#frame;
    const { rows: height } = this.#layout;
    const rows = known(this.#kernel.rows);
    const share = this.#shareOf(this.#rowLoop);
    const rest = (rows ?? 0) % height;
    if (rows !== undefined && !share) {
      repeat(f, Math.floor(rows / height), () => tile(height));
      if (rest > 0) tile(rest);
      return;
    }
    const left = f.local('i32');
    this.#sizes.push(share ? share.count : this.#kernel.rows);
    f.set(left);
    whileLeft(f, left, height, () => tile(height));
    if (rows === undefined) {
      whileLeft(f, left, 1, () => tile(1));
    } else if (rest > 0) {
      f.get(left);
      f.if(() => tile(rest));
    }
    f.release(left);
  }

  #panel(firstRow: Local, panel: Local, vectors: number, live: Live): void {
    const { f } = this.#frame;
    const { packRight } = this.#layout;
    const row = f.local('i32');
    f.get(firstRow);
    f.set(row);
    const moving = this.#enter(this.#rowLoop);
    this.#overRows((height) => {
      this.#emitter.scope(() => {
        const accumulators = emitTile(f, this.#sizes, {
          rows: height,
          vectors,
          depth: this.#kernel.depth,
          type: this.#type,
          isRelaxed: this.#isRelaxed,
          left: row,
          ...this.#leftSteps(),
          right: panel,
          rightStep: packRight ? 16 * vectors : bytes(this.#kernel.right.depth),
        });
        this.#epilogue(accumulators, live);
        for (const local of accumulators.flat()) f.release(local);
      });
      this.#walkers.advance(this.#rowLoop, moving, height);
      this.#bump(row, this.#leftAdvance(height));
    });
    this.#walkers.leave(moving);
    f.release(row);
  }

  /** Bytes between rows of a tile, and between depths. */
  #leftSteps(): { rowBytes: number; leftStep: number } {
    const { packLeft, rows } = this.#layout;
    if (packLeft) return { rowBytes: 4, leftStep: 4 * rows };
    return { rowBytes: bytes(this.#kernel.left.free), leftStep: bytes(this.#kernel.left.depth) };
  }

  /** Bytes from one tile of rows to the next; what is left after the full tiles shares one packed tile. */
  #leftAdvance(height: number): Dim {
    const { packLeft, rows } = this.#layout;
    if (!packLeft) return times(this.#kernel.left.free, 4 * height);
    return height === rows ? times(this.#kernel.depth, 4 * rows) : 4 * height;
  }

  #epilogue(accumulators: readonly (readonly Local[])[], live: Live): void {
    const { stores, accumulator } = this.#values.epilogue();
    for (const [row, sums] of accumulators.entries()) {
      this.#emitter.displaced = row === 0 ? [] : [{ loop: this.#rowLoop, iterations: row }];
      this.#emitter.scope(() => {
        if (accumulator) for (const [part, sum] of sums.entries()) this.#emitter.bind(accumulator, part, sum);
        for (const part of sums.keys()) {
          for (const store of stores) this.#stores.prepare(store, part);
          for (const store of stores) this.#stores.emit(store, part, part === sums.length - 1 ? live : 4);
        }
      });
    }
    this.#emitter.displaced = [];
  }

  #packLeft(from: Local, to: Local): void {
    const { f } = this.#frame;
    const { rows: width } = this.#layout;
    const { free, depth: step } = this.#kernel.left;
    const source = f.local('i32');
    const target = f.local('i32');
    f.get(from);
    f.set(source);
    f.get(to);
    f.set(target);
    this.#overRows((height) => {
      this.#packing.emit({
        from: source,
        to: target,
        depth: this.#kernel.depth,
        free,
        step,
        width,
        live: height,
      });
      this.#bump(source, times(free, 4 * height));
      this.#bump(target, this.#leftAdvance(height));
    });
    f.release(source);
    f.release(target);
  }

  #packRight(from: Local, to: Local, vectors: number, live: Live): void {
    const { free, depth: step } = this.#kernel.right;
    const width = 4 * vectors;
    const columns = typeof live === 'number' ? width - 4 + live : live;
    this.#packing.emit({ from, to, depth: this.#kernel.depth, free, step, width, live: columns });
  }

  #bump(local: Local, by: Dim): void {
    const { f } = this.#frame;
    f.get(local);
    this.#sizes.push(by);
    f.op('i32.add');
    f.set(local);
  }
}

function bytes(stride: Dim): number {
  if (typeof stride !== 'number' || stride < 0)
    throw new Error(`internal: a stride of ${stride} that was not packed away`);
  return 4 * stride;
}
