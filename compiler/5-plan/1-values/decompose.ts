/** Puts primitives that kernels compute in place of those that none does, such as convolutions. */
import type { Graph } from '../../ir/graph.ts';
import { topological } from '../../ir/graph.ts';
import { byName } from '../../ir/inputs.ts';
import type { Node } from '../../ir/node.ts';
import { nodeOf } from '../../ir/node.ts';
import { rebuildAll, rebuildGraph, withInputs } from '../../ir/rewrite.ts';
import { Shared } from '../../ir/shared.ts';
import { at } from '../../ir/site.ts';
import type { Primitive } from '../../op/card.ts';

/** The same graph by primitives that plans are made of. Parts that several of them have in common are computed once. */
export function decompose(graph: Graph): Graph {
  if (!topological(graph).some(partsOf)) return graph;
  const shared = new Shared();
  const settle = (node: Node): Node => {
    const parts = partsOf(node);
    if (!parts) return shared.of(node);
    const whole = at(node.span, () => nodeOf(parts(byName(node.card, node.inputs), node.attributes)));
    const known = new Map(node.inputs.map((input) => [input, input]));
    const settled = rebuildAll([whole], (part, inputs) => settle(withInputs(part, inputs)), known)[0]!;
    settled.name ??= node.name;
    return settled;
  };
  return rebuildGraph(graph, (node, inputs) => settle(withInputs(node, inputs)));
}

function partsOf({ card }: Node): Primitive['lower']['plan'] {
  return card.kind === 'composite' ? undefined : card.lower.plan;
}
