/** Gathers jobs into kernels: those that run over the same loops and may run in one pass share one. */
import type { Dim, Shape } from '../../../dsl/tensor.ts';
import { inBatch, product, sameShape } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { isHeld, ownerOf } from '../1-values/alias.ts';
import { Steps } from '../3-kernels/steps.ts';
import type { Coordinates } from './coordinates.ts';
import { following, throughView } from './coordinates.ts';
import type { Job } from './job.ts';
import { isAdding, isPartial } from './job.ts';
import { axesOf, layoutOf, merged } from './operand.ts';
import type { Reference } from './references.ts';
import { reads, referencesOf } from './references.ts';

/** Where a job's value stands: at each point of all loops, or once for all points of the folded ones. */
export type Level = 'inner' | 'outer';

export interface Placed {
  readonly job: Job;
  readonly level: Level;
  /** The coordinates of the job's value, and of what it gives, with frame axes for loops. */
  readonly coordinates: Coordinates;
  readonly references: readonly Reference[];
}

/** A kernel in the making. */
export class Group {
  readonly kind: 'loop' | 'contract';
  readonly shape: Shape;
  folded: readonly number[];
  readonly placed: Placed[] = [];
  /** Groups that must run before this one. */
  readonly after = new Set<Group>();

  constructor(kind: 'loop' | 'contract', shape: Shape, folded: readonly number[]) {
    this.kind = kind;
    this.shape = shape;
    this.folded = folded;
  }

  /** The coordinates of a job's result when it stands at a level of this frame; undefined where it does not fit. */
  coordinatesFor(shape: Shape, level: Level): Coordinates | undefined {
    const every = this.shape.map((_, axis) => axis);
    if (level === 'inner') return sameShape(shape, this.shape) ? following(shape, every) : undefined;
    const outer = every.filter((axis) => !this.folded.includes(axis));
    if (
      sameShape(
        shape,
        outer.map((axis) => this.shape[axis]!),
      )
    )
      return following(shape, outer);
    const squeezed = every.map((axis) => (this.folded.includes(axis) ? null : axis));
    const keptDims = this.shape.map((size, axis): Dim => (this.folded.includes(axis) ? 1 : size));
    return sameShape(shape, keptDims) ? following(shape, squeezed) : undefined;
  }

  /** Whether this group waits, however indirectly, for the other, or is it. */
  runsAfter(other: Group): boolean {
    const seen = new Set<Group>();
    const stack: Group[] = [this];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (next === other) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(...next.after);
    }
    return false;
  }

  find(root: Node): Placed | undefined {
    return this.placed.find(({ job }) => job.root === root && !isPartial(job));
  }
}

/** Small frames (counting 16 rows) cost more to start than to run: they share a kernel even when they share no data. */
const small = 4096;

export function gather(jobs: readonly Job[], kept: ReadonlySet<Node>, fuse: boolean): Group[] {
  const groups: Group[] = [];
  const makers = new Map<Node, Set<Group>>();
  const homes = new Map<Job, Group>();
  for (const job of jobs) {
    const joined = fuse ? [...groups].reverse().find((group) => join(group, job, kept, makers)) : undefined;
    const group = joined ?? alone(job, kept);
    if (!joined) groups.push(group);
    homes.set(job, group);
    const made = makers.get(job.root) ?? new Set();
    makers.set(job.root, made.add(group));
    for (const { owner } of group.placed.at(-1)!.references) {
      for (const maker of makers.get(owner) ?? []) if (maker !== group) group.after.add(maker);
    }
    if (job.after) group.after.add(homes.get(job.after)!);
  }
  return groups;
}

function alone(job: Job, kept: ReadonlySet<Node>): Group {
  const group = new Group(job.kind === 'contract' ? 'contract' : 'loop', job.frame, job.folded);
  group.placed.push(place(group, job, 'inner', kept)!);
  return group;
}

/** The job at a level of the group, if it fits there. */
function place(group: Group, job: Job, level: Level, kept: ReadonlySet<Node>): Placed | undefined {
  const coordinates = group.coordinatesFor(job.frame, level);
  return coordinates && placeAt(coordinates, job, level, kept);
}

function placeAt(coordinates: Coordinates, job: Job, level: Level, kept: ReadonlySet<Node>): Placed {
  if (job.kind === 'contract') return { job, level, coordinates, references: operandReads(job.root) };
  const references = referencesOf(
    job.value,
    coordinates,
    kept,
    job.value === job.root ? job.root : undefined,
  );
  if (job.kind !== 'scatter') return { job, level, coordinates, references };
  const [indices] = job.root.inputs as [Node];
  const where = scatterIndices(job.root, coordinates);
  return { job, level, coordinates, references: [...references, ...referencesOf(indices, where, kept)] };
}

/**
 * A value of the group's with its axes in another order is laid down where it is made: each of its axes follows the loop
 * that walks it there. The last stays last, so that what is made in a row is stored in a row.
 */
function placeTurned(group: Group, job: Job, kept: ReadonlySet<Node>): Placed | undefined {
  const { shape } = typeOf(job.root);
  const own = following(
    shape,
    shape.map((_, axis) => axis),
  );
  let seen = job.value;
  let where: Coordinates | undefined = own;
  while (where && !(seen !== job.root && kept.has(ownerOf(seen)))) {
    where = throughView(seen, where);
    seen = seen.inputs[0]!;
  }
  const made = where && group.find(seen);
  if (!where || !made || made.level !== 'inner') return undefined;
  const loops: (number | null)[] = shape.map(() => null);
  for (const [axis, { terms, start }] of where.entries()) {
    const [walked] = terms;
    const [loop] = made.coordinates[axis]!.terms;
    if (start !== 0 || terms.length > 1 || walked?.step !== loop?.step) return undefined;
    if (walked && loop) loops[walked.loop] = loop.loop;
  }
  const coordinates = following(shape, loops);
  const isWhole = shape.every((size, axis) => size === 1 || loops[axis] !== null);
  const isLastLast = loops.at(-1) === group.shape.length - 1;
  return isWhole && isLastLast ? placeAt(coordinates, job, 'inner', kept) : undefined;
}

/** The updates of a scatter have the indices' axes in place of the axis they are added along. */
export function scatterIndices(scatter: Node, coordinates: Coordinates): Coordinates {
  const axis = scatterAxis(scatter);
  return coordinates.slice(axis, axis + typeOf(scatter.inputs[0]!).shape.length);
}

export function scatterAxis(scatter: Node): number {
  const rank = typeOf(scatter).shape.length;
  const axis = scatter.attributes.axis as number;
  return axis < 0 ? axis + rank : axis;
}

function operandReads(contraction: Node): Reference[] {
  return contraction.inputs.map((input, side) => {
    const layout = layoutOf(contraction, side as 0 | 1, false) ?? layoutOf(contraction, side as 0 | 1, true)!;
    return { owner: layout.base, seen: input, coordinates: [], anywhere: true };
  });
}

/** Adds the job to the group if it runs over its loops and nothing in between must run first. */
function join(
  group: Group,
  job: Job,
  kept: ReadonlySet<Node>,
  makers: ReadonlyMap<Node, ReadonlySet<Group>>,
): boolean {
  if (job.kind === 'contract' || isAdding(job) || group.placed.some(({ job: other }) => isAdding(other)))
    return false;
  if (job.after && group.placed.some(({ job: other }) => other === job.after)) return false;
  const before = group.folded;
  if (!foldsAgree(group, job)) return false;
  const levels: Level[] = job.kind === 'point' && group.folded.length > 0 ? ['inner', 'outer'] : ['inner'];
  for (const level of levels) {
    const placed = place(group, job, level, kept);
    if (placed && fits(group, placed, kept, makers) && worthwhile(group, placed)) {
      group.placed.push(placed);
      return true;
    }
  }
  const turned =
    group.kind === 'contract' && job.kind === 'point' ? placeTurned(group, job, kept) : undefined;
  if (turned && fits(group, turned, kept, makers)) {
    group.placed.push(turned);
    return true;
  }
  group.folded = before;
  return false;
}

/** A fold brings its folded axes to a group of plain loops, or must have the group's own. */
function foldsAgree(group: Group, job: Job): boolean {
  if (job.kind !== 'fold') return true;
  if (group.kind === 'contract' || !sameShape(group.shape, job.frame)) return false;
  if (group.folded.length === 0 && job.folded.length > 0) {
    group.folded = job.folded;
    return true;
  }
  return sameShape(group.folded, job.folded);
}

function fits(
  group: Group,
  placed: Placed,
  kept: ReadonlySet<Node>,
  makers: ReadonlyMap<Node, ReadonlySet<Group>>,
): boolean {
  const { job, references } = placed;
  for (const reference of references) {
    if (isHeld(reference.owner)) continue;
    const inside = group.find(reference.owner);
    if (
      inside
        ? !usable(group, inside, placed, reference)
        : group.placed.some((other) => other.job.root === reference.owner)
    )
      return false;
    for (const maker of makers.get(reference.owner) ?? [])
      if (maker !== group && maker.runsAfter(group)) return false;
  }
  for (const maker of makers.get(job.root) ?? []) if (maker !== group && maker.runsAfter(group)) return false;
  return group.kind === 'loop' || epilogue(group, placed, kept);
}

/** Whether a value made in the group is read where it is made: the same element, at a level that sees it. */
function usable(group: Group, made: Placed, reader: Placed, reference: Reference): boolean {
  if (made.job.kind === 'fold') {
    const coordinates = group.coordinatesFor(typeOf(made.job.root).shape, 'outer');
    return coordinates !== undefined && reads(reference, coordinates);
  }
  if (made.level === 'inner' && reader.level === 'outer' && group.folded.length > 0) return false;
  return reads(reference, made.coordinates);
}

/**
 * In a contraction's epilogue rows and columns are one loop each: every address, and every index, must be able to walk
 * them so. Writing the steps down tells, whatever there is in them.
 */
function epilogue(group: Group, { job, references, coordinates }: Placed, kept: ReadonlySet<Node>): boolean {
  if (job.kind !== 'point' || references.some(({ anywhere }) => anywhere)) return false;
  const { rows, columns } = freeAxes(group.placed[0]!.job.root);
  let walkable = true;
  const steps = new Steps({
    loops: group.shape.length,
    kept,
    regionOf: () => 0,
    made: (owner) => (group.find(owner) ? { kind: 'accumulator', dtype: typeOf(owner).dtype } : undefined),
    arrange: (strides) => {
      for (const axes of [rows, columns]) {
        const sizes = axes.map((axis) => group.shape[axis]!);
        const own = axes.map((axis) => strides[axis]!);
        walkable &&= merged(sizes, own) !== undefined;
      }
      return [];
    },
  });
  steps.valueOf(job.value, coordinates, job.value === job.root ? job.root : undefined);
  steps.access(job.root, coordinates);
  return walkable;
}

/** The axes of a contraction's result that its left and right operand bring. */
export function freeAxes(contraction: Node): { batch: number[]; rows: number[]; columns: number[] } {
  const left = axesOf(contraction, 0);
  const rank = typeOf(contraction).shape.length;
  const first = left.batch.length;
  const second = first + left.free.length;
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  return { batch: range(0, first), rows: range(first, second), columns: range(second, rank) };
}

/** Sharing loops pays where data is shared too, or where there is little of it. */
function worthwhile(group: Group, placed: Placed): boolean {
  const { factor, power } = inBatch(product(group.shape));
  if (factor * 16 ** power <= small) return true;
  const shared = new Set(
    group.placed.flatMap(({ job, references }) => [job.root, ...references.map(({ owner }) => owner)]),
  );
  return placed.references.some(({ owner }) => shared.has(owner));
}
