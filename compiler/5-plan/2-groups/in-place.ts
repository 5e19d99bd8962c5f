/** Lets a step write the new value of a state over the old one, wherever all that reads the old one comes before. */
import type { Graph, Update } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { ownerOf } from '../1-values/alias.ts';
import { type following, sameCoordinates } from './coordinates.ts';
import type { Group } from './group.ts';
import { isPartial } from './job.ts';
import { reads } from './references.ts';

export interface Placement {
  /** Values that are made right in a state's memory. */
  readonly inPlace: ReadonlyMap<Node, Node>;
  /** Updates that need a copy when all else is done. */
  readonly copied: readonly Update[];
}

/** Chooses, and adds to each group what must run before it for the choice to be safe. */
export function placeUpdates(graph: Graph, groups: readonly Group[]): Placement {
  const inPlace = new Map<Node, Node>();
  const copied: Update[] = [];
  for (const update of graph.updates) {
    const value = ownerOf(update.value);
    const maker = groups.find((group) => group.placed.some(({ job }) => job.root === value));
    const readers = groups.filter((group) =>
      group.placed.some(({ references }) => references.some(({ owner }) => owner === update.target)),
    );
    const others = readers.filter((group) => group !== maker);
    if (
      maker &&
      !inPlace.has(value) &&
      isSafe(update, value, maker) &&
      others.every((reader) => !reader.runsAfter(maker))
    ) {
      for (const reader of others) maker.after.add(reader);
      inPlace.set(value, update.target);
    } else {
      copied.push(update);
    }
  }
  return { inPlace, copied };
}

/** One kernel makes the value, and reads of the old one only the element that it replaces, no later than it replaces it. */
function isSafe({ target }: Update, value: Node, maker: Group): boolean {
  const jobs = maker.placed.filter(({ job }) => job.root === value);
  const made = jobs[0]!;
  if (jobs.length > 1 || isPartial(made.job)) return false;
  const coordinates = maker.coordinatesFor(
    typeOf(target).shape,
    made.job.kind === 'fold' ? 'outer' : made.level,
  );
  const own =
    made.job.kind === 'fold' ? maker.coordinatesFor(typeOf(value).shape, 'outer') : made.coordinates;
  if (!coordinates || !own || !sameCoordinates(dense(coordinates), dense(own))) return false;
  const rank = made.job.kind === 'fold' ? 'outer' : made.level;
  return maker.placed.every(({ references, level, job }) =>
    references.every((reference) => {
      if (reference.owner !== target) return true;
      // Kernels with several passes may come back to an element: only reads in the pass that writes are safe.
      if (maker.folded.length > 0 && (rank !== 'outer' || level !== 'outer' || job.kind === 'fold'))
        return false;
      return reads(reference, coordinates);
    }),
  );
}

const dense = (coordinates: ReturnType<typeof following>): ReturnType<typeof following> =>
  coordinates.filter(({ terms }) => terms.length > 0);
