/** A graph in which symbolic sizes have become numbers. */
import { isSymbolic, withSizes } from '../ir/dim.ts';
import { leafOf } from '../ir/facts.ts';
import type { Graph } from '../ir/graph.ts';
import { typeOf } from '../ir/node.ts';
import { copy, rebuildGraph, withInputs } from '../ir/rewrite.ts';
import { beside } from '../ir/site.ts';
import type { Sizes } from '../ir/symbols.ts';
import { concreteAttributes } from '../ir/symbols.ts';
import { dimension } from '../op/leaf.ts';

/** `graph` is of primitives; what holds for its types at all sizes holds at these. Symbols that are not given stay. */
export function atSizes(graph: Graph, sizes: Sizes): Graph {
  return rebuildGraph(graph, (node, inputs) => {
    const { dtype, shape } = typeOf(node);
    const leaf = leafOf(node);
    if (leaf?.is === 'size') {
      const size = withSizes(leaf.size(node.attributes), sizes);
      return beside(node, () => dimension(size, dtype));
    }
    const attributes = concreteAttributes(node.attributes, sizes);
    const isConcrete = JSON.stringify(attributes) === JSON.stringify(node.attributes);
    if (isConcrete && !shape.some(isSymbolic)) return withInputs(node, inputs);
    const type = { dtype, shape: shape.map((dim) => withSizes(dim, sizes)) };
    return copy(node, { inputs, attributes, type });
  });
}
