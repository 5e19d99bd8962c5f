/** Decides which values get memory of their own; all others are computed where they are used. */
import { isSymbolic } from '../../ir/dim.ts';
import type { Graph } from '../../ir/graph.ts';
import { topological } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { layoutOf } from '../2-groups/operand.ts';
import { isAlias, isHeld, isPlaced, ownerOf } from './alias.ts';
import { broadest, longest, stepOf } from './expression.ts';

/** A value more expensive than this (in multiplications) is kept rather than computed again in another place. */
const expensive = 8;

/** Kinds whose elements can be computed one at a time wherever they are needed. */
const inline = new Set(['map', 'zip', 'move', 'random', 'gather', 'leaf']);

/** What it takes to compute a value where it is used. */
interface Expression {
  /** In multiplications, each value counted as often as it is used. */
  readonly weight: number;
  /** The longest way to memory. */
  readonly depth: number;
  /** How often memory is read. */
  readonly reads: number;
}

const inMemory: Expression = { weight: 0, depth: 0, reads: 1 };

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
  const expressions = new Map<Node, Expression>();
  for (const node of order) {
    if (node.card.kind === 'leaf') continue;
    for (const needed of inMemoryFor(node)) keep(needed);
    if (!fuse && !isAlias(node)) keep(node);
    const parts = node.inputs.map((input) => ({ input, ...(expressions.get(input) ?? inMemory) }));
    const far = parts.filter(({ input }) => !kept.has(ownerOf(input)));
    const expression: Expression = {
      weight: costOf(node) + sum(parts.map(({ input, weight }) => (kept.has(input) ? 0 : weight))),
      depth: stepOf(node) + far.reduce((most, { depth }) => Math.max(most, depth), 0),
      reads: parts.length - far.length + sum(far.map(({ reads }) => reads)),
    };
    expressions.set(node, expression);
    const { weight, depth, reads } = expression;
    const isTwice = weight >= expensive && users.get(node)!.size > 1 && !isAlias(node);
    if (isTwice || depth >= longest || reads >= broadest) keep(node);
  }
  return order.filter((node) => kept.has(node));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const costOf = ({ card }: Node): number => (card.kind === 'composite' ? 0 : card.cost);

/** The values that must lie in memory for the node to be computed: itself, or what it cannot look through. */
function inMemoryFor(node: Node): Node[] {
  const { card, inputs } = node;
  const needed: Node[] = [];
  if (!inline.has(card.kind) || isPlaced(node)) needed.push(node);
  // A gather looks its first input up anywhere.
  if (card.kind === 'gather') needed.push(inputs[0]!);
  // The number of an element in row-major order is affine only from the first row on, where rows have no known size.
  if (card.kind === 'random' && typeOf(node).shape.slice(1).some(isSymbolic)) needed.push(node);
  if (card.kind === 'contract') {
    needed.push(layoutOf(node, 0, false)?.base ?? inputs[0]!);
    needed.push(layoutOf(node, 1, false)?.base ?? inputs[1]!);
  }
  if (isAlias(node) && !isUnitReshape(node)) needed.push(inputs[0]!);
  return needed;
}

/** A reshape that only adds or drops axes of size one can be looked through. */
function isUnitReshape(node: Node): boolean {
  const sizes = (shape: readonly unknown[]): string => shape.filter((size) => size !== 1).join();
  return sizes(typeOf(node).shape) === sizes(typeOf(node.inputs[0]!).shape);
}
