/** Reshapes are other names for the memory of what they reshape. */

import { isShared, leafOf } from '../../ir/facts.ts';
import { byName } from '../../ir/inputs.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Movement } from '../../op/card.ts';

/** Nodes never change: what was found out of one stays true. */
const movements = new WeakMap<Node, Movement>();
const owners = new WeakMap<Node, Node>();

/** How the node moves elements, if that is what it does. */
export function movementOf(node: Node): Movement | undefined {
  const { card } = node;
  if (card.kind !== 'move') return undefined;
  const known = movements.get(node);
  if (known) return known;
  if (!card.movement) throw new Error(`internal: ${card.name} moves elements and does not say how`);
  const movement = card.movement(byName(card, node.inputs.map(typeOf)), node.attributes, typeOf(node));
  movements.set(node, movement);
  return movement;
}

export function isAlias(node: Node): boolean {
  return movementOf(node)?.as === 'reshape';
}

/** Concatenation and padding lay their inputs into windows of one region. */
export function isPlaced(node: Node): boolean {
  return movementOf(node)?.as === 'place';
}

/** The node whose memory this is. */
export function ownerOf(node: Node): Node {
  const names: Node[] = [];
  let owner = node;
  while (!owners.has(owner) && isAlias(owner)) {
    names.push(owner);
    owner = owner.inputs[0]!;
  }
  owner = owners.get(owner) ?? owner;
  for (const name of names) owners.set(name, owner);
  return owner;
}

/** Whether the value lies in memory before the program runs. */
export function isHeld(node: Node): boolean {
  return isShared(node) || leafOf(node)?.is === 'literal';
}
