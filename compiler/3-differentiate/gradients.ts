/** Reverse mode: the gradient of a tensor with respect to others, as more graph; each card says its own part. */

import { byName, inOrder } from '../ir/inputs.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf, typeOf } from '../ir/node.ts';
import { at, within } from '../ir/site.ts';
import type { Dependencies } from '../ir/walk.ts';
import { nodesUnder } from '../ir/walk.ts';
import { constant } from '../op/leaf.ts';
import type { Roles } from '../op/roles.ts';

/**
 * ∂loss/∂target for each target; undefined where none flows. `loss` is a float32 scalar, or stands for the sum of its
 * elements. What comes out is written in terms of the nodes that stand under `loss`, composites and what is in them.
 */
export function gradients(loss: Node, targets: readonly Node[], roles: Roles): (Node | undefined)[] {
  const order = nodesUnder([loss], flowing);
  const active = reachedFrom(order, targets);
  const adjoints = new Map<Node, Node>([[loss, at(loss.span, () => constant(1, typeOf(loss).shape))]]);
  const flow = (to: Node, part: Node): void => {
    const before = adjoints.get(to);
    adjoints.set(to, before ? nodeOf(roles.add(before, part)) : part);
  };

  for (const node of order.reverse()) {
    const dy = adjoints.get(node);
    if (!dy || !active.has(node) || flowing(node).length === 0) continue;
    const { card } = node;
    const rule = card.gradient;
    at(node.span, () =>
      within({ owner: node, name: `∂${node.name ?? card.name}`, kind: 'op' }, () => {
        if (!rule) return flow(bodyOf(node), dy);
        if ('none' in rule) return;
        const inputs = byName(card, node.inputs);
        const parts = inOrder(card, rule({ inputs, options: node.attributes, dy, y: node, roles }));
        node.inputs.forEach((input, i) => {
          const part = parts[i];
          if (part && active.has(input)) flow(input, nodeOf(part));
        });
      }),
    );
  }
  return targets.map((target) => adjoints.get(target));
}

/** Gradients flow through the body of a composite, but for those whose gradient has a formula of its own. */
const flowing: Dependencies = (node) => (node.body && !node.card.gradient ? [node.body] : node.inputs);

function bodyOf({ body, card }: Node): Node {
  if (!body) throw new Error(`internal: ${card.name} has neither a gradient nor a body`);
  return body;
}

/** The nodes that depend on any of the targets. */
function reachedFrom(order: readonly Node[], targets: readonly Node[]): Set<Node> {
  const reached = new Set<Node>(targets);
  for (const node of order) {
    if (flowing(node).some((before) => reached.has(before))) reached.add(node);
  }
  return reached;
}
