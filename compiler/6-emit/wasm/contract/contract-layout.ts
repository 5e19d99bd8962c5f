/** Decides how a contraction is cut into tiles and what is packed first; from sizes alone, and never seen in a result. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { Access, ContractKernel, Operand, Step } from '../../../5-plan/plan.ts';
import { valueOf } from '../../../ir/dim.ts';
import { known } from '../loops/sizes.ts';

export interface ContractLayout {
  /** The contraction, with its sides exchanged where that lets vectors run along the other one. */
  readonly kernel: ContractKernel;
  /** Vectors across a panel of columns, and rows of a tile: their product are the accumulators. */
  readonly vectors: number;
  readonly rows: number;
  readonly packLeft: boolean;
  readonly packRight: boolean;
  /** Bytes from the start of scratch memory to the packed left side. */
  readonly leftAt: number;
  readonly scratchBytes: number;
}

/** Above this many bytes, walking down a column misses the first-level cache. */
const cached = 16 * 1024;

export function layoutOf(given: ContractKernel, capacity: number): ContractLayout {
  const kernel = oriented(plainUnits(given));
  const { left, right } = kernel;
  const size = (dim: Dim): number => valueOf(dim, { B: capacity });
  const columns = known(kernel.columns) ?? Number.POSITIVE_INFINITY;
  const vectors = columns <= 4 ? 1 : columns > 8 && columns <= 12 ? 3 : 2;
  const rows = vectors === 1 ? 8 : 4;
  const depth = size(kernel.depth);
  const isLarge = size(kernel.rows) >= 16 && depth * 4 * Math.abs(size(right.depth)) > cached;
  const packRight = right.free !== 1 || !isPlain(right.depth) || isLarge;
  const isFar = Math.abs(size(left.depth)) >= 16 && depth >= 32 && columns >= 32;
  const packLeft = !isPlain(left.free) || !isPlain(left.depth) || isFar;
  const leftAt = packRight ? depth * vectors * 16 : 0;
  const leftBytes = packLeft ? (size(kernel.rows) + rows) * depth * 4 : 0;
  return { kernel, vectors, rows, packLeft, packRight, leftAt, scratchBytes: leftAt + leftBytes };
}

/** Usable as a constant offset in an instruction. */
const isPlain = (stride: Dim): boolean => typeof stride === 'number' && stride >= 0;

/** An axis of one element has no stride to speak of; 1 suits every case best. */
function plainUnits(kernel: ContractKernel): ContractKernel {
  const side = (operand: Operand, free: Dim): Operand => ({
    ...operand,
    free: free === 1 ? 1 : operand.free,
    depth: kernel.depth === 1 ? 1 : operand.depth,
  });
  return { ...kernel, left: side(kernel.left, kernel.rows), right: side(kernel.right, kernel.columns) };
}

function oriented(kernel: ContractKernel): ContractKernel {
  const { left, right, rows, columns } = kernel;
  const narrow = typeof columns === 'number' && columns < 4 && (typeof rows !== 'number' || rows > columns);
  return left.free === 1 && rows !== 1 && (right.free !== 1 || narrow) ? exchanged(kernel) : kernel;
}

/** rows × columns = (columns × rows) transposed; products commute, so no bit changes. */
function exchanged(kernel: ContractKernel): ContractKernel {
  const swap = (strides: readonly Dim[]): Dim[] => [
    ...strides.slice(0, -2),
    strides.at(-1)!,
    strides.at(-2)!,
  ];
  const access = (from: Access): Access => ({ ...from, strides: swap(from.strides) });
  const step = (from: Step): Step => {
    if (from.kind === 'read') return { ...from, access: access(from.access) };
    return from.kind === 'index' ? { ...from, strides: swap(from.strides) } : from;
  };
  return {
    ...kernel,
    rows: kernel.columns,
    columns: kernel.rows,
    left: kernel.right,
    right: kernel.left,
    body: kernel.body.map(step),
    stores: kernel.stores.map((store) => ({ ...store, access: access(store.access) })),
  };
}
