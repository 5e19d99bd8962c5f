/** Interprets a graph by the meaning on each card, in float64: slow, obvious, and what every engine is held to. */

import { expand } from '../../../compiler/2-check/expand.ts';
import { byName } from '../../../compiler/ir/inputs.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import type { Sizes } from '../../../compiler/ir/symbols.ts';
import { concreteAttributes, concreteShape } from '../../../compiler/ir/symbols.ts';
import { nodesUnder } from '../../../compiler/ir/walk.ts';
import type { Primitive } from '../../../compiler/op/card.ts';
import type { Values } from '../../../compiler/op/values.ts';
import { filled, sizeOf } from '../../../compiler/op/values.ts';
import type { DType } from '../../../dsl/tensor.ts';

/** Told of the values of each node as it is computed, in the program's order; what it gives stands for them from there on. */
export type Observe = (node: Node, values: Values) => Values;

/**
 * The values of nodes. `feeds` holds the leaves' values; `sizes` those of symbols, such as `{ B: 16 }`.
 * A parameter or state without a feed has its initial value's.
 */
export function evaluate(
  nodes: readonly Node[],
  feeds: ReadonlyMap<Node, Values> = new Map(),
  sizes: Sizes = {},
  observe: Observe = (_, values) => values,
): Values[] {
  const memo = new Map<Node, Node>();
  const roots = expand(nodes, memo);
  const known = new Map<Node, Values>();
  for (const [node, values] of feeds) known.set(memo.get(node) ?? node, values);
  for (const node of nodesUnder(roots)) {
    if (!known.has(node)) known.set(node, observe(node, valueOf(node, known, sizes)));
  }
  return roots.map((node) => known.get(node)!);
}

function valueOf(node: Node, known: ReadonlyMap<Node, Values>, sizes: Sizes): Values {
  if (node.card.kind === 'composite') throw new Error(`internal: ${node.card.name} was not expanded`);
  const { card } = node;
  const inputs = node.inputs.map((input) => known.get(input)!);
  const type = { dtype: typeOf(node).dtype, shape: concreteShape(typeOf(node), sizes) };
  const attributes = concreteAttributes(node.attributes, sizes);
  if (card.scalar) return mapped(card, card.scalar, inputs, attributes, type.dtype, type.shape);
  if (card.evaluate) return card.evaluate(byName(card, inputs), attributes, type);
  const { leaf } = card;
  if (leaf?.is === 'size') return filled(type.dtype, [], Number(leaf.size(attributes)));
  if (node.initial) return evaluate([node.initial], new Map(), sizes)[0]!;
  throw new Error(`internal: no value for the ${card.name} ${node.name ?? ''}`);
}

/** Rounds to the dtype's own set of values: whole numbers wrap, truths are 0 or 1, reals stay as exact as they are. */
function settle(value: number, dtype: DType): number {
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number(value !== 0) : value;
}

function mapped(
  card: Primitive,
  scalar: NonNullable<Primitive['scalar']>,
  inputs: readonly Values[],
  attributes: Node['attributes'],
  dtype: DType,
  shape: readonly number[],
): Values {
  if (inputs.some((input) => input.data.length !== sizeOf(shape))) {
    throw new Error(`internal: ${card.name} has inputs of different sizes`);
  }
  const data = new Float64Array(sizeOf(shape));
  const names = Object.keys(card.inputs);
  const xs: Record<string, number> = {};
  for (let i = 0; i < data.length; i++) {
    for (const [k, input] of inputs.entries()) xs[names[k]!] = input.data[i]!;
    data[i] = settle(scalar(xs, attributes, dtype), dtype);
  }
  return { dtype, shape, data };
}
