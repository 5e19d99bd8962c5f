/** Replaces composites by what they stand for: after this, a graph holds primitives only. */
import type { Node } from '../ir/node.ts';
import { rebuildAll, withInputs } from '../ir/rewrite.ts';

/** The same values in primitives. Nodes shared between the roots stay shared; `memo` shares across calls. */
export function expand(roots: readonly Node[], memo: Map<Node, Node> = new Map()): Node[] {
  return rebuildAll(
    roots,
    (node, inputs) => {
      if (!node.body) return withInputs(node, inputs);
      const body = inputs[0]!;
      body.name ??= node.name;
      return body;
    },
    memo,
    (node) => (node.body ? [node.body] : node.inputs),
  );
}
