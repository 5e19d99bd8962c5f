/** How a contraction walks one of its operands: views on the way to memory become strides, not copies. */

import type { Dim } from '../../../dsl/tensor.ts';
import { product } from '../../ir/dim.ts';
import { pairsOf } from '../../ir/facts.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { ownerOf } from '../1-values/alias.ts';
import { addressing, following, throughView } from './coordinates.ts';

/** Strides in elements of the memory of `base`. */
export interface Layout {
  /** The value in memory under all views. */
  readonly base: Node;
  readonly offset: number;
  readonly batch: readonly Dim[];
  readonly free: Dim;
  readonly depth: Dim;
}

/** The axes of one side of a contraction, in order: what the attributes name, and the rest, which is free. */
export function axesOf(contraction: Node, side: 0 | 1): Record<'batch' | 'over' | 'free', readonly number[]> {
  const pairs = pairsOf(contraction);
  const batch = pairs.batch[side];
  const over = pairs.over[side];
  const rank = typeOf(contraction.inputs[side]!).shape.length;
  const free = Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !batch.includes(axis) && !over.includes(axis),
  );
  return { batch, over, free };
}

/** The axes of a contraction's result: those of the batch, and what its left and right operand bring. */
export function freeAxes(contraction: Node): Record<'batch' | 'rows' | 'columns', readonly number[]> {
  const left = axesOf(contraction, 0);
  const rank = typeOf(contraction).shape.length;
  const first = left.batch.length;
  const second = first + left.free.length;
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  return { batch: range(0, first), rows: range(first, second), columns: range(second, rank) };
}

/** The layout of an operand read through its views, or, with `contiguous`, as memory of its own. */
export function layoutOf(contraction: Node, side: 0 | 1, contiguous: boolean): Layout | undefined {
  const operand = contraction.inputs[side]!;
  const { shape } = typeOf(operand);
  let base = operand;
  let coordinates = following(
    shape,
    shape.map((_, axis) => axis),
  );
  while (!contiguous) {
    const through = throughView(base, coordinates);
    if (!through) break;
    coordinates = through;
    base = base.inputs[0]!;
  }
  const { strides, offset, far } = addressing(typeOf(base), coordinates, shape.length);
  if (far.length > 0) return undefined;
  const { batch, over, free } = axesOf(contraction, side);
  const pick = (axes: readonly number[]): Dim | undefined =>
    merged(
      axes.map((axis) => shape[axis]!),
      axes.map((axis) => strides[axis]!),
    );
  const freeStride = pick(free);
  const depthStride = pick(over);
  if (freeStride === undefined || depthStride === undefined) return undefined;
  return {
    base: ownerOf(base),
    offset,
    batch: batch.map((axis) => strides[axis]!),
    free: freeStride,
    depth: depthStride,
  };
}

/** The one stride that walks several axes as if they were one, if there is such a stride. */
export function merged(sizes: readonly Dim[], strides: readonly Dim[]): Dim | undefined {
  const axes = sizes.flatMap((size, i) => (size === 1 ? [] : [{ size, stride: strides[i]! }]));
  for (const [i, axis] of axes.entries()) {
    const inner = axes[i + 1];
    if (inner && axis.stride !== product([inner.size, inner.stride])) return undefined;
  }
  return axes.at(-1)?.stride ?? 0;
}
