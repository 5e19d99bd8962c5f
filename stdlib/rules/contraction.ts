/** Rules of contractions: a transpose at either end is another choice of axes. */
import { pairsOf } from '../../compiler/ir/facts.ts';
import { byName } from '../../compiler/ir/inputs.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import { contract, freeAxes } from '../ops/contraction/parts/contract.ts';
import { transpose } from '../ops/movement/transpose.ts';

/** The order of a transpose, or nothing of another node. */
function orderOf(node: Node): readonly number[] | undefined {
  const { card, attributes, inputs, type } = node;
  if (card !== transpose.card || card.kind !== 'move') return undefined;
  const movement = card.movement!(byName(card, inputs.map(typeOf)), attributes, type!);
  return movement.as === 'view' ? (movement.axes as number[]) : undefined;
}

const ascending = (axes: readonly number[]): boolean =>
  axes.every((axis, i) => i === 0 || axes[i - 1]! < axis);

/** Side `side` without its transpose, if its free axes stay in order without it. */
function untransposed(node: Node, side: 0 | 1): { input: Node; batch: number[]; over: number[] } | undefined {
  const operand = node.inputs[side]!;
  const order = orderOf(operand);
  if (!order) return undefined;
  const { batch, over } = pairsOf(node);
  const free = freeAxes(order.length, batch[side], over[side]).map((axis) => order[axis]!);
  if (!ascending(free)) return undefined;
  const before = (axes: readonly number[]): number[] => axes.map((axis) => order[axis]!);
  return { input: operand.inputs[0]!, batch: before(batch[side]), over: before(over[side]) };
}

export const contraction: readonly Rule[] = [
  {
    name: 'contract(transpose(a), b) = contract(a, b) over other axes',
    rewrite: (node) => {
      if (node.card !== contract.card) return undefined;
      const { batch, over } = pairsOf(node);
      const left = untransposed(node, 0);
      if (left) {
        return contract(left.input, node.inputs[1]!, {
          batch: [left.batch, batch[1]],
          over: [left.over, over[1]],
        });
      }
      const right = untransposed(node, 1);
      if (!right) return undefined;
      return contract(node.inputs[0]!, right.input, {
        batch: [batch[0], right.batch],
        over: [over[0], right.over],
      });
    },
    examples: (x, y) => [
      contract(transpose(x), y, { over: [[1], [0]] }),
      contract(x, transpose(y), { over: [[1], [0]] }),
    ],
  },
  {
    name: 'transpose(contract(a, b)) = contract(b, a)',
    consumes: true,
    rewrite: (node) => {
      const [product] = node.inputs;
      const order = orderOf(node);
      if (!order || product?.card !== contract.card) return undefined;
      const [left, right] = product.inputs as [Node, Node];
      const { batch, over } = pairsOf(product);
      const shared = batch[0].length;
      const rows = left.type!.shape.length - shared - over[0].length;
      const swapped = order.map((_, at) => {
        if (at < shared) return at;
        const columns = order.length - shared - rows;
        return at < shared + columns ? at + rows : at - columns;
      });
      if (!order.every((axis, at) => axis === swapped[at])) return undefined;
      return contract(right, left, { batch: [batch[1], batch[0]], over: [over[1], over[0]] });
    },
    examples: (x, y) => [transpose(contract(x, y, { over: [[0], [0]] }))],
  },
];
