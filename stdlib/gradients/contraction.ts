/** The gradient of a contraction: two contractions. */

import type { Pairs } from '../../compiler/op/card.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { contract, freeAxes } from '../ops/contraction/parts/contract.ts';
import { transpose } from '../ops/movement/transpose.ts';

const range = (start: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i);

/** Puts axes that stand in `order` (by the number each should have) where they belong. */
function inOrder(x: Tensor, order: readonly number[]): Tensor {
  if (order.every((axis, at) => axis === at)) return x;
  return transpose(x, { axes: order.map((_, axis) => order.indexOf(axis)) });
}

/** The axes `these`, in the ascending order of their partners `those`. */
function byPartner(these: readonly number[], those: readonly number[]): number[] {
  return range(0, these.length)
    .sort((i, j) => those[i]! - those[j]!)
    .map((i) => these[i]!);
}

/** ∂loss/∂left and ∂loss/∂right, given ∂loss/∂result. */
export function contractionGradient(
  left: Tensor,
  right: Tensor,
  dy: Tensor,
  { batch, over }: Pairs,
): { left: Tensor; right: Tensor } {
  const shared = batch[0].length;
  const freeLeft = freeAxes(left.shape.length, batch[0], over[0]);
  const freeRight = freeAxes(right.shape.length, batch[1], over[1]);
  const front = range(0, shared);
  const rows = range(shared, freeLeft.length);
  const columns = range(shared + freeLeft.length, freeRight.length);
  const toLeft = contract(dy, right, { batch: [front, batch[1]], over: [columns, freeRight] });
  const toRight = contract(left, dy, { batch: [batch[0], front], over: [freeLeft, rows] });
  return {
    left: inOrder(toLeft, [...batch[0], ...freeLeft, ...byPartner(over[0], over[1])]),
    right: inOrder(toRight, [...batch[1], ...byPartner(over[1], over[0]), ...freeRight]),
  };
}
