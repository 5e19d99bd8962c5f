/** How large an expression may become that is computed where it is used: how far from memory, and from how much of it. */
import type { Node } from '../../ir/node.ts';
import { walk } from '../../ir/walk.ts';
import { ownerOf } from './alias.ts';

/**
 * The longest way, in multiplications, that is written down as one expression. Longer ones are cut by putting a value
 * into memory, so that what works on expressions may call itself, and no engine meets a function beyond its limits.
 */
export const longest = 256;

/** The most reads of memory in one expression; with what else a kernel touches, they stay below what a function may take. */
export const broadest = 400;

/** What a node adds to the way. */
export function stepOf({ card }: Node): number {
  return Math.max(1, card.kind === 'composite' ? 0 : card.cost);
}

/** The longest way from the value down to what lies in memory. `root` is being made: it does not count as kept. */
export function depthOf(value: Node, kept: ReadonlySet<Node>, root: Node): number {
  const depths = new Map<Node, number>();
  const isKept = (node: Node): boolean => node !== root && kept.has(ownerOf(node));
  walk(
    [value],
    depths,
    (node, inputs) => {
      const below = inputs.reduce((most, input) => Math.max(most, depths.get(input)!), 0);
      depths.set(node, isKept(node) ? 0 : stepOf(node) + below);
    },
    (node) => (isKept(node) ? [] : node.inputs),
  );
  return depths.get(value)!;
}
