/** Puts operands of contractions in an order of axes that one stride can walk, where no view of them is. */
import type { Graph } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { at } from '../ir/site.ts';
import type { Roles } from '../op/vocabulary.ts';
import { axesOf, layoutOf } from './operand.ts';

/** The same graph, in which every operand of a contraction has a layout. */
export function arrange(graph: Graph, roles: Roles): Graph {
  const roots = [...graph.outputs.map(({ value }) => value), ...graph.updates.map(({ value }) => value)];
  const values = rebuildAll(roots, (node, inputs) => {
    const rebuilt = withInputs(node, inputs);
    if (node.card.kind !== 'contract') return rebuilt;
    return ([0, 1] as const).reduce((contraction, side) => withLayout(contraction, side, roles), rebuilt);
  });
  return {
    ...graph,
    outputs: graph.outputs.map(({ name }, i) => ({ name, value: values[i]! })),
    updates: graph.updates.map(({ target }, i) => ({ target, value: values[graph.outputs.length + i]! })),
  };
}

function withLayout(contraction: Node, side: 0 | 1, roles: Roles): Node {
  if (layoutOf(contraction, side, false) ?? layoutOf(contraction, side, true)) return contraction;
  const { batch, free, over } = axesOf(contraction, side);
  const order = [...batch, ...free, ...over];
  const operand = contraction.inputs[side]!;
  const moved = at(contraction.span, () => nodeOf(roles.transpose(operand, order)));
  const renumber = (axes: number[]): number[] => axes.map((axis) => order.indexOf(axis));
  const attributes = contraction.attributes as unknown as { batch: number[][]; over: number[][] };
  return copy(contraction, {
    inputs: contraction.inputs.map((input, i) => (i === side ? moved : input)),
    attributes: {
      batch: attributes.batch.map((axes, i) => (i === side ? renumber(batch) : axes)),
      over: attributes.over.map((axes, i) => (i === side ? renumber(over) : axes)),
    },
  });
}
