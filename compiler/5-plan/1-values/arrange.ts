/** Puts operands of contractions in an order of axes that one stride can walk, where no view of them is. */
import { pairsOf } from '../../ir/facts.ts';
import type { Graph } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { nodeOf, typeOf } from '../../ir/node.ts';
import { rebuildGraph, withInputs } from '../../ir/rewrite.ts';
import { at, beside } from '../../ir/site.ts';
import type { AxisPairs } from '../../op/card.ts';
import type { Roles } from '../../op/roles.ts';
import { axesOf, layoutOf } from '../2-groups/operand.ts';

/** The same graph, in which every operand of a contraction has a layout. */
export function arrange(graph: Graph, roles: Roles): Graph {
  const arranger = new Arranger(roles);
  return rebuildGraph(graph, (node, inputs) => {
    const rebuilt = withInputs(node, inputs);
    if (node.card.kind !== 'contract') return rebuilt;
    return ([0, 1] as const).reduce((contraction, side) => arranger.withLayout(contraction, side), rebuilt);
  });
}

class Arranger {
  private readonly roles: Roles;
  private readonly copies = new Map<Node, Map<string, Node>>();

  constructor(roles: Roles) {
    this.roles = roles;
  }

  /** The contraction with an operand that has a layout. */
  withLayout(contraction: Node, side: 0 | 1): Node {
    if (layoutOf(contraction, side, false) ?? layoutOf(contraction, side, true)) return contraction;
    const order = orderFor(contraction, side);
    const renumbered = (axes: AxisPairs): AxisPairs => {
      const own = axes[side].map((axis) => order.indexOf(axis));
      return side === 0 ? [own, axes[1]] : [axes[0], own];
    };
    const { batch, over } = pairsOf(contraction);
    const [left, right] = contraction.inputs as [Node, Node];
    const moved = this.copy(side === 0 ? left : right, order, contraction);
    const pairs = { batch: renumbered(batch), over: renumbered(over) };
    const arranged = beside(contraction, () =>
      nodeOf(this.roles.contract(side === 0 ? moved : left, side === 0 ? right : moved, pairs)),
    );
    arranged.name ??= contraction.name;
    return arranged;
  }

  /** The operand in another order of axes: one of each, whoever asks for it. */
  private copy(operand: Node, order: readonly number[], like: Node): Node {
    const copies = this.copies.get(operand) ?? new Map<string, Node>();
    this.copies.set(operand, copies);
    const key = order.join();
    const copied = copies.get(key) ?? at(like.span, () => nodeOf(this.roles.transpose(operand, order)));
    copies.set(key, copied);
    return copied;
  }
}

/**
 * Two orders can be walked. The one that leaves the last axis last is copied in longer runs, and is the one that both a
 * contraction and its gradient come to, for which free and contracted axes change places.
 */
function orderFor(contraction: Node, side: 0 | 1): readonly number[] {
  const { batch, free, over } = axesOf(contraction, side);
  const last = typeOf(contraction.inputs[side]!).shape.length - 1;
  return free.at(-1) === last ? [...batch, ...over, ...free] : [...batch, ...free, ...over];
}
