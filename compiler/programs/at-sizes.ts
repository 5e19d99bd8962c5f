/** A graph in which every symbolic size has become a number. */

import type { Dim } from '../ir/dim.ts';
import { isSymbolic, valueOf } from '../ir/dim.ts';
import type { Graph } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { typeOf } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { beside } from '../ir/site.ts';
import type { Sizes } from '../ir/symbols.ts';
import { concreteAttributes, concreteShape } from '../ir/symbols.ts';
import { constant, dimensionCard } from '../op/leaf.ts';

/** `graph` is of primitives; what holds for its types at all sizes holds at these. */
export function atSizes(graph: Graph, sizes: Sizes): Graph {
  const { outputs, updates } = graph;
  const values = rebuildAll(
    [...outputs, ...updates].map(({ value }) => value),
    (node, inputs) => concrete(node, inputs, sizes),
  );
  return {
    ...graph,
    outputs: outputs.map(({ name }, i) => ({ name, value: values[i]! })),
    updates: updates.map(({ target }, i) => ({ target, value: values[outputs.length + i]! })),
  };
}

function concrete(node: Node, inputs: readonly Node[], sizes: Sizes): Node {
  const type = typeOf(node);
  if (node.card === dimensionCard) {
    const size = valueOf(node.attributes.size as Dim, sizes);
    return beside(node, () => constant(size, [], type.dtype));
  }
  const attributes = concreteAttributes(node.attributes, sizes);
  if (!type.shape.some(isSymbolic) && JSON.stringify(attributes) === JSON.stringify(node.attributes))
    return withInputs(node, inputs);
  return copy(node, { inputs, attributes, type: { dtype: type.dtype, shape: concreteShape(type, sizes) } });
}
