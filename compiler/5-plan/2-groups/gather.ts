/** Gathers jobs into kernels: those that run over the same loops and may run in one pass share one. */
import type { Node } from '../../ir/node.ts';
import { Ancestry } from './ancestry.ts';
import { Candidates } from './candidates.ts';
import type { Placed } from './group.ts';
import { Group } from './group.ts';
import type { Job } from './job.ts';
import { isAdding } from './job.ts';
import { joined } from './joining.ts';
import { NumberSet } from './number-set.ts';
import { Placing } from './placing.ts';

export interface Gathered {
  /** In the order in which they were begun. */
  readonly groups: readonly Group[];
  readonly ancestry: Ancestry;
}

export function gather(jobs: readonly Job[], kept: ReadonlySet<Node>, fuse: boolean): Gathered {
  const groups: Group[] = [];
  const ancestry = new Ancestry();
  const candidates = new Candidates();
  const makers = new Map<Node, Set<Group>>();
  const homes = new Map<Job, Group>();
  const makersOf = (value: Node): Iterable<Group> => makers.get(value) ?? [];

  /** The groups that must have run before the job's inputs are there: it cannot join one of these. */
  const tooEarly = (placed: Placed): NumberSet => {
    const early = new NumberSet();
    for (const value of [placed.job.root, ...placed.references.map(({ owner }) => owner)])
      for (const maker of makersOf(value)) early.addAll(ancestry.before(maker));
    return early;
  };
  /** The latest group that the job fits, and the job as a part of it; else a group of its own. */
  const home = (job: Job): { group: Group; placed: Placed } => {
    const placing = new Placing(job, kept);
    const own = placing.own();
    if (fuse && job.kind !== 'contract' && !isAdding(job)) {
      for (const group of candidates.of(placing, tooEarly(own))) {
        const placed = joined(placing, group, kept);
        if (placed) return { group, placed };
      }
    }
    const group = new Group(groups.length, job.kind === 'contract' ? 'contract' : 'loop', job.frame);
    groups.push(group);
    return { group, placed: own };
  };

  for (const job of jobs) {
    const { group, placed } = home(job);
    group.add(placed);
    candidates.enter(group, placed);
    homes.set(job, group);
    makers.set(job.root, (makers.get(job.root) ?? new Set()).add(group));
    for (const { owner } of placed.references)
      for (const maker of makersOf(owner)) ancestry.wait(group, maker);
    if (job.after) ancestry.wait(group, homes.get(job.after)!);
  }
  return { groups, ancestry };
}
