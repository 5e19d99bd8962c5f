/** Replaces composites by what they stand for. */
import type { Node } from '../ir/node.ts';
import { rebuildAll, withInputs } from '../ir/rewrite.ts';
import type { Card } from '../op/card.ts';

/** Which composites stay. */
type Keep = (card: Card) => boolean;

const none: Keep = () => false;

/** Those whose gradient has a formula of its own: they are needed whole until differentiation is done. */
export const withGradient: Keep = (card) => card.kind === 'composite' && card.gradient !== undefined;

/** The same values in primitives. Nodes shared between the roots stay shared; `memo` shares across calls. */
export function expand(roots: readonly Node[], memo: Map<Node, Node> = new Map(), keep: Keep = none): Node[] {
  return rebuildAll(
    roots,
    (node, inputs) => {
      if (!node.body || keep(node.card)) return withInputs(node, inputs);
      const body = inputs[0]!;
      body.name ??= node.name;
      return body;
    },
    memo,
    (node) => (node.body && !keep(node.card) ? [node.body] : node.inputs),
  );
}
