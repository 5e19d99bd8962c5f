/** Lets a step write the new value of a state over the old one, wherever all that reads the old one comes before. */
import type { Graph, Update } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { ownerOf } from '../1-values/alias.ts';
import { type following, sameCoordinates } from './coordinates.ts';
import type { Gathered } from './gather.ts';
import type { Group, Placed } from './group.ts';
import { isPartial } from './job.ts';
import { reads } from './references.ts';
import { schedule } from './schedule.ts';

export interface Placement {
  /** Values that are made right in a state's memory. */
  readonly inPlace: ReadonlyMap<Node, Node>;
  /** Updates that need a copy when all else is done. */
  readonly copied: readonly Update[];
}

/** Chooses, and makes each group wait for what must run before it for the choice to be safe. */
export function placeUpdates(graph: Graph, { groups, ancestry }: Gathered): Placement {
  const inPlace = new Map<Node, Node>();
  const copied: Update[] = [];
  const { makerOf, readersOf } = usersIn(groups);
  for (const update of graph.updates) {
    const value = ownerOf(update.value);
    const maker = makerOf.get(value);
    const others = [...(readersOf.get(update.target) ?? [])].filter((group) => group !== maker);
    if (
      maker &&
      !inPlace.has(value) &&
      isSafe(update, value, maker) &&
      others.every((reader) => !ancestry.before(reader).has(maker.number))
    ) {
      for (const reader of others) ancestry.wait(maker, reader);
      inPlace.set(value, update.target);
    } else {
      copied.push(update);
    }
  }
  return { inPlace, copied };
}

/** The first group that makes each value, and all that read it. */
function usersIn(groups: readonly Group[]): {
  makerOf: ReadonlyMap<Node, Group>;
  readersOf: ReadonlyMap<Node, ReadonlySet<Group>>;
} {
  const makerOf = new Map<Node, Group>();
  const readersOf = new Map<Node, Set<Group>>();
  for (const group of groups) {
    for (const { job, references } of group.placed) {
      if (!makerOf.has(job.root)) makerOf.set(job.root, group);
      for (const { owner } of references)
        readersOf.set(owner, (readersOf.get(owner) ?? new Set()).add(group));
    }
  }
  return { makerOf, readersOf };
}

/** One kernel makes the value, and reads of the old one only the element that it replaces, no later than it replaces it. */
function isSafe({ target }: Update, value: Node, maker: Group): boolean {
  const jobs = maker.makersOf(value);
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
  const later = maker.folded.length > 0 ? afterWrite(value, maker) : [];
  return maker.placed.every((placed) =>
    placed.references.every((reference) => {
      if (reference.owner !== target) return true;
      // Kernels with several passes may come back to an element: only reads up to the pass that writes are safe.
      const isOnce = rank === 'outer' && placed.level === 'outer' && placed.job.kind !== 'fold';
      if (maker.folded.length > 0 && (!isOnce || later.includes(placed))) return false;
      return reads(reference, coordinates);
    }),
  );
}

/** The jobs in passes after the one that stores the value, which would find the new value where the old one was. */
function afterWrite(value: Node, maker: Group): readonly Placed[] {
  const drafts = schedule(maker, new Set([value]));
  const storing = drafts.findLastIndex(({ placed }) => placed.some(({ job }) => job.root === value));
  return drafts.slice(storing + 1).flatMap(({ placed }) => placed);
}

const dense = (coordinates: ReturnType<typeof following>): ReturnType<typeof following> =>
  coordinates.filter(({ terms }) => terms.length > 0);
