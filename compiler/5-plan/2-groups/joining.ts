/** When a job may share the loops of a group, and when it should. */
import { inBatch, product, sameShape } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { longest } from '../1-values/expression.ts';
import { isEpilogue } from './epilogue.ts';
import type { Group, Level, Placed } from './group.ts';
import type { Job } from './job.ts';
import type { Placing } from './placing.ts';
import type { Reference } from './references.ts';
import { reads } from './references.ts';

/** Small frames (counting 16 rows) cost more to start than to run: they share a kernel even when they share no data. */
const small = 4096;

/** The most values that a kernel reads and makes: engines hand it an address of each, and a function takes 1,000 at most. */
const widest = 500;

export function isSmall({ shape }: Pick<Group, 'shape'>): boolean {
  const { factor, power } = inBatch(product(shape));
  return factor * 16 ** power <= small;
}

/** The job as a part of the group; undefined where it does not fit, or does not belong. */
export function joined(placing: Placing, group: Group, kept: ReadonlySet<Node>): Placed | undefined {
  const { job } = placing;
  if (group.touched >= widest) return undefined;
  if (job.after && group.makersOf(job.root).some(({ job: other }) => other === job.after)) return undefined;
  if (!foldsAgree(group, job)) return undefined;
  const levels: Level[] = job.kind === 'point' && group.folded.length > 0 ? ['inner', 'outer'] : ['inner'];
  for (const level of levels) {
    const placed = placing.within(group, level);
    if (placed && fits(group, placed, kept) && isWorthwhile(group, placed)) return placed;
  }
  if (group.kind !== 'contract' || job.kind !== 'point') return undefined;
  const permuted = placing.permuted(group);
  return permuted && fits(group, permuted, kept) ? permuted : undefined;
}

/** A fold brings its axes to a group of plain loops, or must have the group's own. */
function foldsAgree(group: Group, job: Job): boolean {
  if (job.kind !== 'fold') return true;
  if (group.kind === 'contract' || !sameShape(group.shape, job.frame)) return false;
  return group.folded.length === 0 || sameShape(group.folded, job.folded);
}

/** Whether all that the job reads of the group's is there when it is read, and not too far from memory. */
function fits(group: Group, placed: Placed, kept: ReadonlySet<Node>): boolean {
  if (group.depthOf(placed) > longest) return false;
  const isThere = placed.references.every((reference) => {
    const makers = group.makersOf(reference.owner);
    const whole = group.find(reference.owner);
    return makers.length === 0 || (whole !== undefined && isUsable(group, whole, placed, reference));
  });
  return isThere && (group.kind === 'loop' || isEpilogue(group, placed, kept));
}

/** Whether a value made in the group is read where it is made: the same element, at a level that sees it. */
function isUsable(group: Group, made: Placed, reader: Placed, reference: Reference): boolean {
  if (made.job.kind === 'fold') {
    const coordinates = group.coordinatesFor(typeOf(made.job.root).shape, 'outer');
    return coordinates !== undefined && reads(reference, coordinates);
  }
  if (made.level === 'inner' && reader.level === 'outer' && group.folded.length > 0) return false;
  return reads(reference, made.coordinates);
}

/** Sharing loops pays where data is shared too, or where there is little of it. */
function isWorthwhile(group: Group, { references }: Placed): boolean {
  return isSmall(group) || references.some(({ owner }) => group.touches(owner));
}
