/** Puts operands of contractions in an order of axes that one stride can walk, where no view of them is. */
import type { Graph } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { nodeOf, typeOf } from '../../ir/node.ts';
import { copy, rebuildGraph, withInputs } from '../../ir/rewrite.ts';
import { at } from '../../ir/site.ts';
import type { Roles } from '../../op/roles.ts';
import { axesOf, layoutOf } from '../2-groups/operand.ts';

/** The same graph, in which every operand of a contraction has a layout. */
export function arrange(graph: Graph, roles: Roles): Graph {
  const moved = new Moved(roles);
  return rebuildGraph(graph, (node, inputs) => {
    const rebuilt = withInputs(node, inputs);
    if (node.card.kind !== 'contract') return rebuilt;
    return ([0, 1] as const).reduce((contraction, side) => withLayout(contraction, side, moved), rebuilt);
  });
}

/** Copies in another order of axes: one of each, whoever asks for it. */
class Moved {
  private readonly roles: Roles;
  private readonly made = new Map<Node, Map<string, Node>>();

  constructor(roles: Roles) {
    this.roles = roles;
  }

  of(operand: Node, order: readonly number[], like: Node): Node {
    const copies = this.made.get(operand) ?? new Map<string, Node>();
    this.made.set(operand, copies);
    const key = order.join();
    const copied = copies.get(key) ?? at(like.span, () => nodeOf(this.roles.transpose(operand, order)));
    copies.set(key, copied);
    return copied;
  }
}

function withLayout(contraction: Node, side: 0 | 1, moved: Moved): Node {
  if (layoutOf(contraction, side, false) ?? layoutOf(contraction, side, true)) return contraction;
  const { batch, free, over } = axesOf(contraction, side);
  const operand = contraction.inputs[side]!;
  // Either order can be walked. The one that leaves the last axis last is copied in longer runs, and is the one that
  // both a contraction and its gradient come to, for which free and contracted axes change places.
  const last = typeOf(operand).shape.length - 1;
  const order = free.at(-1) === last ? [...batch, ...over, ...free] : [...batch, ...free, ...over];
  const renumber = (axes: number[]): number[] => axes.map((axis) => order.indexOf(axis));
  const attributes = contraction.attributes as unknown as { batch: number[][]; over: number[][] };
  return copy(contraction, {
    inputs: contraction.inputs.map((input, i) =>
      i === side ? moved.of(operand, order, contraction) : input,
    ),
    attributes: {
      batch: attributes.batch.map((axes, i) => (i === side ? renumber(batch) : axes)),
      over: attributes.over.map((axes, i) => (i === side ? renumber(over) : axes)),
    },
  });
}
