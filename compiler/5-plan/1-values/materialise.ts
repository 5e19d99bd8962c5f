/** Decides which values get memory of their own; all others are computed where they are used. */
import { isSymbolic } from '../../ir/dim.ts';
import type { Graph } from '../../ir/graph.ts';
import { topological } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { layoutOf } from '../2-groups/operand.ts';
import { isAlias, isHeld, isPlaced, ownerOf } from './alias.ts';
import { longest, stepOf } from './depth.ts';

/** A value more expensive than this (in multiplications) is kept rather than computed again in another place. */
const expensive = 8;

/** Kinds whose elements can be computed one at a time wherever they are needed. */
const inline = new Set(['map', 'zip', 'move', 'random', 'gather', 'leaf']);

/** The nodes that get memory, in topological order. Without fusion, that is every computed node. */
export function materialised(graph: Graph, fuse: boolean): Node[] {
  const order = topological(graph);
  const users = new Map<Node, Set<Node>>(order.map((node) => [node, new Set()]));
  for (const node of order) for (const input of node.inputs) users.get(input)!.add(node);
  const kept = new Set<Node>();
  const keep = (node: Node): void => {
    const owner = ownerOf(node);
    if (!isHeld(owner)) kept.add(owner);
  };
  for (const { value } of [...graph.outputs, ...graph.updates]) keep(value);
  const weights = new Map<Node, number>();
  const depths = new Map<Node, number>();
  for (const node of order) {
    const { card, inputs } = node;
    if (card.kind === 'leaf') continue;
    if (!inline.has(card.kind) || isPlaced(node)) keep(node);
    // A gather looks its first input up anywhere, so that input must lie in memory.
    if (card.kind === 'gather') keep(inputs[0]!);
    // The number of an element in row-major order is affine only from the first row on, where rows have no known size.
    if (card.kind === 'random' && typeOf(node).shape.slice(1).some(isSymbolic)) keep(node);
    if (card.kind === 'contract') {
      keep(layoutOf(node, 0, false)?.base ?? inputs[0]!);
      keep(layoutOf(node, 1, false)?.base ?? inputs[1]!);
    }
    if (isAlias(node) && !isUnitReshape(node)) keep(inputs[0]!);
    if (!fuse && !isAlias(node)) keep(node);
    const own = card.kind === 'composite' ? 0 : card.cost;
    const weight = inputs.reduce(
      (sum, input) => sum + (kept.has(input) ? 0 : (weights.get(input) ?? 0)),
      own,
    );
    weights.set(node, weight);
    if (weight >= expensive && users.get(node)!.size > 1 && !isAlias(node)) keep(node);
    const below = inputs.reduce(
      (most, input) => (kept.has(ownerOf(input)) ? most : Math.max(most, depths.get(input) ?? 0)),
      0,
    );
    depths.set(node, stepOf(node) + below);
    if (stepOf(node) + below >= longest) keep(node);
  }
  return order.filter((node) => kept.has(node));
}

/** A reshape that only adds or drops axes of size one can be looked through. */
function isUnitReshape(node: Node): boolean {
  const sizes = (shape: readonly unknown[]): string => shape.filter((size) => size !== 1).join();
  return sizes(typeOf(node).shape) === sizes(typeOf(node.inputs[0]!).shape);
}
