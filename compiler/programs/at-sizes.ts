/** A graph in which every symbolic size has become a number. */
import { isSymbolic, valueOf } from '../ir/dim.ts';
import { leafOf } from '../ir/facts.ts';
import type { Graph } from '../ir/graph.ts';
import { typeOf } from '../ir/node.ts';
import { copy, rebuildGraph, withInputs } from '../ir/rewrite.ts';
import { beside } from '../ir/site.ts';
import type { Sizes } from '../ir/symbols.ts';
import { concreteAttributes, concreteShape } from '../ir/symbols.ts';
import { constant } from '../op/leaf.ts';

/** `graph` is of primitives; what holds for its types at all sizes holds at these. */
export function atSizes(graph: Graph, sizes: Sizes): Graph {
  return rebuildGraph(graph, (node, inputs) => {
    const type = typeOf(node);
    const leaf = leafOf(node);
    if (leaf?.is === 'size') {
      const size = valueOf(leaf.size(node.attributes), sizes);
      return beside(node, () => constant(size, [], type.dtype));
    }
    const attributes = concreteAttributes(node.attributes, sizes);
    const isConcrete = JSON.stringify(attributes) === JSON.stringify(node.attributes);
    if (isConcrete && !type.shape.some(isSymbolic)) return withInputs(node, inputs);
    const shape = concreteShape(type, sizes);
    return copy(node, { inputs, attributes, type: { dtype: type.dtype, shape } });
  });
}
