/** What plans are made from: each kind of op must say what only its card can know, and what it says must fit its type. */
import { foldedAxes, indexedAxis, pairsOf } from '../../compiler/ir/facts.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import { holds } from '../law-test.ts';
import type { DocumentedCall } from './documented-calls.ts';

/** Whether the card says of this call what passes ask of ops of its kind; gives the number of checks. */
export function saysWhatPassesNeed({ node }: DocumentedCall): number {
  const { card } = node;
  if (card.kind === 'composite') return 0;
  const check = checks[card.kind];
  check?.(card, node);
  return check ? 1 : 0;
}

const shapeOf = (node: Node | undefined): readonly unknown[] => (node ? typeOf(node).shape : []);
const sameSizes = (a: readonly unknown[], b: readonly unknown[]): boolean => a.join() === b.join();

function needs(card: Primitive, declared: unknown, fact: string): void {
  holds(declared !== undefined, () => `${card.name} is a ${card.kind} and does not declare its ${fact}`);
}

function isElementwise(card: Primitive): void {
  needs(card, card.lower.wasm ?? card.lower.random ?? card.lower.plan, 'lower.wasm');
}

const checks: { readonly [K in Primitive['kind']]?: (card: Primitive, node: Node) => void } = {
  map: isElementwise,
  zip: isElementwise,
  random: isElementwise,
  move: (card) => needs(card, card.movement, 'movement'),
  overlap: (card) => needs(card, card.landing, 'landing'),
  convolve: (card) => needs(card, card.lower.plan, 'lower.plan'),
  reduce: (card, node) => {
    needs(card, card.fold, 'fold');
    needs(card, card.axes, 'axes');
    const axes = foldedAxes(node);
    const shape = shapeOf(node.inputs[0]);
    const dropped = shape.filter((_, axis) => !axes.includes(axis));
    const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const fits = sameSizes(shapeOf(node), dropped) || sameSizes(shapeOf(node), kept);
    holds(
      fits,
      () => `${card.name} says that it folds axes ${axes.join()} and gives [${shapeOf(node).join()}]`,
    );
  },
  contract: (card, node) => {
    needs(card, card.pairs, 'pairs');
    const { batch, over } = pairsOf(node);
    const [left, right] = [shapeOf(node.inputs[0]), shapeOf(node.inputs[1])];
    const free = (shape: readonly unknown[], side: 0 | 1) =>
      shape.filter((_, axis) => !batch[side].includes(axis) && !over[side].includes(axis));
    const made = [...batch[0].map((axis) => left[axis]), ...free(left, 0), ...free(right, 1)];
    const paired = [batch, over].every(([a, b]) => a.every((axis, i) => left[axis] === right[b[i] ?? -1]));
    holds(paired && sameSizes(made, shapeOf(node)), () => `the pairs of ${card.name} give [${made.join()}]`);
  },
  gather: (card, node) => isIndexed(card, node, shapeOf(node.inputs[0])),
  scatter: (card, node) => isIndexed(card, node, shapeOf(node)),
};

function isIndexed(card: Primitive, node: Node, shape: readonly unknown[]): void {
  needs(card, card.indexed, 'indexed');
  const axis = indexedAxis(node, shape.length);
  holds(
    axis >= 0 && axis < shape.length,
    () => `${card.name} is indexed along axis ${axis} of ${shape.length}`,
  );
}
