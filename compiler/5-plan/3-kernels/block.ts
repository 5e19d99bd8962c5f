/** Cuts large contractions into blocks that stay in the cache while they are worked on. */
import type { Dim } from '../../../dsl/tensor.ts';
import { inBatch, product, valueOf } from '../../ir/dim.ts';
import type { Access, ContractKernel, Kernel, LoopKernel, Region, Step } from '../plan.ts';

/** What a block of the left side may take, in bytes: a small second-level cache. */
const usualCache = 256 * 1024;

/** Smaller blocks of rows (or depths) spend too much on starting, and on packing the other side again. */
const leastBlock = 32;

/** What the batch is taken for: the order of sums, and so their last bits, must not depend on the largest batch planned. */
const typicalRows = 64;

/**
 * Every panel of columns walks over the whole left side. Where that is larger than the cache, rows are taken in blocks,
 * by a batch loop in which the right side stands still; a long sum into a small result, in blocks of depth that are
 * added up in the order of their places.
 */
export function blocked(
  kernel: Kernel,
  regions: readonly Pick<Region, 'shape' | 'dtype'>[],
  cache = usualCache,
): Kernel[] {
  if (kernel.kind === 'loop') return [kernel];
  const size = (dim: Dim): number => valueOf(dim, { B: typicalRows });
  const [rows, columns, depth] = [size(kernel.rows), size(kernel.columns), size(kernel.depth)];
  if (4 * rows * depth <= cache || columns <= 8) return [kernel];
  const least = Math.min(leastBlock, Math.ceil((leastBlock * cache) / usualCache));
  if (rows < depth && 4 * rows * columns <= cache && isPlainSum(kernel)) {
    const cut = cutOf(kernel.depth, least, (block) => 4 * block * rows <= cache);
    return cut ? [clearing(kernel, regions), inDepth(kernel, cut)] : [kernel];
  }
  const cut = cutOf(kernel.rows, least, (block) => 4 * block * depth <= cache);
  return [cut ? inRows(kernel, cut) : kernel];
}

/** A loop as several: the outer ones, with the number of iterations that one of theirs takes, and the one left inside. */
interface Cut {
  readonly outer: readonly { readonly size: Dim; readonly iterations: number }[];
  readonly block: number;
}

/** The largest block that fits and goes into the loop evenly, else the smallest; none where the loop is no longer. */
function cutOf(loop: Dim, least: number, fits: (block: number) => boolean): Cut | undefined {
  const { factor, power } = inBatch(loop);
  if (power > 1) return undefined;
  const sizes = divisors(factor).filter((block) => block >= Math.min(least, factor));
  const block = sizes.findLast(fits) ?? sizes[0];
  if (block === undefined || block < 2 || (power === 0 && block === factor)) return undefined;
  const batch = power === 1 ? [{ size: 'B', iterations: factor }] : [];
  const rest = block < factor ? [{ size: factor / block, iterations: block }] : [];
  return { outer: [...batch, ...rest], block };
}

function divisors(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1).filter((divisor) => count % divisor === 0);
}

/** The strides of the outer loops of a cut, of what walks the loop by `stride`. */
function outerStrides({ outer }: Cut, stride: Dim): Dim[] {
  return outer.map(({ iterations }) => product([iterations, stride]));
}

function inRows(kernel: ContractKernel, cut: Cut): ContractKernel {
  const at = kernel.batch.length;
  return {
    ...withStrides(kernel, (strides) => [
      ...strides.slice(0, at),
      ...outerStrides(cut, strides[at]!),
      ...strides.slice(at),
    ]),
    batch: [...kernel.batch, ...cut.outer.map(({ size }) => size)],
    rows: cut.block,
    left: { ...kernel.left, batch: [...kernel.left.batch, ...outerStrides(cut, kernel.left.free)] },
    right: { ...kernel.right, batch: [...kernel.right.batch, ...cut.outer.map(() => 0)] },
  };
}

function inDepth(kernel: ContractKernel, cut: Cut): ContractKernel {
  const at = kernel.batch.length;
  const { left, right } = kernel;
  const still = withStrides(kernel, (strides) => [
    ...strides.slice(0, at),
    ...cut.outer.map(() => 0),
    ...strides.slice(at),
  ]);
  return {
    ...still,
    batch: [...kernel.batch, ...cut.outer.map(({ size }) => size)],
    depth: cut.block,
    left: { ...left, batch: [...left.batch, ...outerStrides(cut, left.depth)] },
    right: { ...right, batch: [...right.batch, ...outerStrides(cut, right.depth)] },
    stores: still.stores.map((store) => ({ ...store, add: true as const })),
  };
}

/** Whether the sums are stored as they are: parts of them can then be added up in memory. */
function isPlainSum({ body, stores }: ContractKernel): boolean {
  return body.length === 1 && body[0]!.kind === 'accumulator' && stores.length === 1;
}

function withStrides(kernel: ContractKernel, restride: (strides: readonly Dim[]) => Dim[]): ContractKernel {
  const access = (from: Access): Access => ({ ...from, strides: restride(from.strides) });
  const step = (from: Step): Step => {
    if (from.kind === 'read') return { ...from, access: access(from.access) };
    return from.kind === 'index' ? { ...from, strides: restride(from.strides) } : from;
  };
  return {
    ...kernel,
    body: kernel.body.map(step),
    stores: kernel.stores.map((store) => ({ ...store, access: access(store.access) })),
  };
}

/** Zeros for the sums to be added to. */
function clearing(
  { name, stores, spans }: ContractKernel,
  regions: readonly Pick<Region, 'shape' | 'dtype'>[],
): LoopKernel {
  const { region } = stores[0]!.access;
  const { shape, dtype } = regions[region]!;
  return {
    kind: 'loop',
    name: `clear ${name}`,
    outer: [product(shape)],
    inner: [],
    stages: [
      {
        over: 'outer',
        body: [{ kind: 'constant', value: 0, dtype }],
        stores: [{ access: { region, strides: [1], offset: 0 }, value: 0 }],
        folds: [],
      },
    ],
    spans,
  };
}
