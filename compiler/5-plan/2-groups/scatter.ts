/** Where the updates of a scatter land, in terms of the loops over them. */
import { indexedAxis } from '../../ir/facts.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Coordinates } from './coordinates.ts';

/** The axis that updates are added along, from the front. */
export function scatterAxis(scatter: Node): number {
  return indexedAxis(scatter, typeOf(scatter).shape.length);
}

/** The updates of a scatter have the indices' axes in place of the axis they are added along. */
export function scatterIndices(scatter: Node, coordinates: Coordinates): Coordinates {
  const axis = scatterAxis(scatter);
  return coordinates.slice(axis, axis + typeOf(scatter.inputs[0]!).shape.length);
}
