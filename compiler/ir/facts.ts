/** The facts that passes ask of a node; its card answers. */
import type { Leaf, Pairs } from '../op/card.ts';
import type { Node } from './node.ts';
import { typeOf } from './node.ts';

/** What the node is, if nothing flows into it. */
export function leafOf({ card }: Node): Leaf | undefined {
  return card.kind === 'composite' ? undefined : card.leaf;
}

/** Whether the value arrives with each batch. */
export function isColumn(node: Node): boolean {
  return leafOf(node)?.is === 'column';
}

/** Whether the value lives from run to run: a parameter or a state. */
export function isVariable(node: Node): boolean {
  const leaf = leafOf(node);
  return leaf?.is === 'parameter' || leaf?.is === 'state';
}

/** Whether the value is set before the first step, by a pass over the training data. */
export function isFitted(node: Node): boolean {
  const leaf = leafOf(node);
  return leaf?.is === 'state' && leaf.isFitted === true;
}

/** Whether programs share the value with the world by its name. */
export function isShared(node: Node): boolean {
  return isColumn(node) || isVariable(node);
}

/** The one number that all elements are, if the node is a constant. */
export function constantOf(node: Node | undefined): number | undefined {
  if (!node) return undefined;
  const leaf = leafOf(node);
  return leaf?.is === 'constant' ? leaf.value(node.attributes) : undefined;
}

export function isConstant(node: Node): boolean {
  return leafOf(node)?.is === 'constant';
}

/** The axes that a reduction folds, from the front, in order. */
export function foldedAxes(reduction: Node): readonly number[] {
  const { card, attributes, inputs } = reduction;
  if (card.kind === 'composite' || !card.axes) throw unsaid(reduction, 'which axes it folds');
  return card.axes(attributes, typeOf(inputs[0]!).shape.length);
}

/** Which axes of a contraction's operands go together. */
export function pairsOf(contraction: Node): Pairs {
  const { card, attributes } = contraction;
  if (card.kind === 'composite' || !card.pairs) throw unsaid(contraction, 'which axes it pairs');
  return card.pairs(attributes);
}

/** The axis, from the front, along which indices count in a tensor of so many axes. */
export function indexedAxis(node: Node, rank: number): number {
  const { card, attributes } = node;
  if (card.kind === 'composite' || !card.indexed) throw unsaid(node, 'along which axis it is indexed');
  return card.indexed(attributes, rank);
}

function unsaid({ card }: Node, what: string): Error {
  return new Error(`internal: ${card.name} does not say ${what}`);
}
