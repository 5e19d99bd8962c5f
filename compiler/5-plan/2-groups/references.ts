/** What an expression reads: the values in memory it comes to, and at which elements. */
import { indexedAxis, leafOf } from '../../ir/facts.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { isHeld, ownerOf } from '../1-values/alias.ts';
import type { Coordinates } from './coordinates.ts';
import { coordinatesKey, fixed, following, sameCoordinates, throughView } from './coordinates.ts';

/** A read of `seen`, a name of the memory of `owner`. `anywhere` when a lookup decides where. */
export interface Reference {
  readonly owner: Node;
  readonly seen: Node;
  readonly coordinates: Coordinates;
  readonly anywhere: boolean;
}

/** The coordinates of a gather's inputs for its output's: those of the looked-up axis are in the indices. */
export function throughGather(
  gather: Node,
  coordinates: Coordinates,
): { source: Coordinates; indices: Coordinates; axis: number } {
  const rank = typeOf(gather.inputs[0]!).shape.length;
  const indexRank = typeOf(gather.inputs[1]!).shape.length;
  const axis = indexedAxis(gather, rank);
  const indices = coordinates.slice(axis, axis + indexRank);
  const looked = fixed(0);
  return {
    axis,
    indices,
    source: [...coordinates.slice(0, axis), looked, ...coordinates.slice(axis + indexRank)],
  };
}

/** All reads of the expression `value` at `coordinates`, looking through what has no memory. */
export function referencesOf(
  value: Node,
  coordinates: Coordinates,
  kept: ReadonlySet<Node>,
  root?: Node,
): Reference[] {
  const found: Reference[] = [];
  const seenAt = new Set<string>();
  const ids = new Map<Node, number>();
  const visit = (node: Node, where: Coordinates): void => {
    const owner = ownerOf(node);
    if (node !== root && (isHeld(owner) || kept.has(owner))) {
      found.push({ owner, seen: node, coordinates: where, anywhere: false });
      return;
    }
    if (!ids.has(node)) ids.set(node, ids.size);
    const key = `${ids.get(node)}@${coordinatesKey(where)}`;
    if (seenAt.has(key)) return;
    seenAt.add(key);
    // Coordinates and random numbers count elements: as accesses do, they walk the loops of the frame.
    if (node.card.kind === 'random' || leafOf(node)?.is === 'coordinate') {
      found.push({ owner: node, seen: node, coordinates: where, anywhere: false });
    }
    const through = throughView(node, where);
    if (through) {
      visit(node.inputs[0]!, through);
    } else if (node.card.kind === 'gather') {
      const { source, indices } = throughGather(node, where);
      found.push({
        owner: ownerOf(node.inputs[0]!),
        seen: node.inputs[0]!,
        coordinates: source,
        anywhere: true,
      });
      visit(node.inputs[1]!, indices);
    } else if (node.card.kind === 'random') {
      for (const input of node.inputs)
        visit(
          input,
          following(
            typeOf(input).shape,
            typeOf(input).shape.map(() => null),
          ),
        );
    } else {
      for (const input of node.inputs) visit(input, where);
    }
  };
  visit(value, coordinates);
  return found;
}

/** Whether the reference reads exactly the element of `owner` that has the given coordinates. */
export function reads(reference: Reference, coordinates: Coordinates): boolean {
  if (reference.anywhere) return false;
  let { seen } = reference;
  let where: Coordinates | undefined = reference.coordinates;
  while (seen !== reference.owner) {
    where = throughView(seen, where);
    if (!where) return false;
    seen = seen.inputs[0]!;
  }
  return sameCoordinates(where, coordinates);
}
