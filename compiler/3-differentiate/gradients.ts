/** Reverse mode: the gradient of a scalar with respect to leaves, as more graph; each card says its own part. */

import { expand, withGradient } from '../2-check/expand.ts';
import { byName, inOrder } from '../ir/inputs.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf, typeOf } from '../ir/node.ts';
import { at, within } from '../ir/site.ts';
import { nodesUnder } from '../ir/walk.ts';
import { constant } from '../op/leaf.ts';
import type { Roles } from '../op/roles.ts';

/**
 * ∂loss/∂leaf for each leaf; undefined where none flows. `loss` is a float32 scalar. Composites are expanded first, but
 * for those whose gradient has a formula of its own.
 */
export function gradients(loss: Node, leaves: readonly Node[], roles: Roles): (Node | undefined)[] {
  const memo = new Map<Node, Node>();
  const [root, ...targets] = expand([loss, ...leaves], memo, withGradient) as [Node, ...Node[]];
  const order = nodesUnder([root]);
  const active = reachedFrom(order, targets);
  const adjoints = new Map<Node, Node>([[root, at(root.span, () => constant(1, typeOf(root).shape))]]);

  for (const node of order.reverse()) {
    const dy = adjoints.get(node);
    if (!dy || !active.has(node) || node.inputs.length === 0) continue;
    const { card } = node;
    const rule = card.gradient;
    if (!rule) throw new Error(`internal: ${card.name} was not expanded`);
    if ('none' in rule) continue;
    at(node.span, () =>
      within({ owner: node, name: `∂${node.name ?? card.name}`, kind: 'op' }, () => {
        const inputs = byName(card, node.inputs);
        const parts = inOrder(card, rule({ inputs, options: node.attributes, dy, y: node, roles }));
        node.inputs.forEach((input, i) => {
          const part = parts[i];
          if (!part || !active.has(input)) return;
          const before = adjoints.get(input);
          adjoints.set(input, before ? nodeOf(roles.add(before, part)) : nodeOf(part));
        });
      }),
    );
  }
  return targets.map((target) => adjoints.get(target));
}

/** The nodes that depend on any of the leaves. */
function reachedFrom(order: readonly Node[], leaves: readonly Node[]): Set<Node> {
  const reached = new Set<Node>(leaves);
  for (const node of order) {
    if (node.inputs.some((input) => reached.has(input))) reached.add(node);
  }
  return reached;
}
