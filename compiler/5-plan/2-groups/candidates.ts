/** Finds the groups that a job might join, the latest first, without looking at all the others. */
import type { Shape } from '../../../dsl/tensor.ts';
import type { Node } from '../../ir/node.ts';
import type { Group, Placed } from './group.ts';
import { outerShapes } from './group.ts';
import { isAdding } from './job.ts';
import { isSmall } from './joining.ts';
import { NumberSet } from './number-set.ts';
import type { Placing } from './placing.ts';

export class Candidates {
  private readonly groups: Group[] = [];
  /** By the shape of all loops, and by the shapes of what stands outside of the folded ones. */
  private readonly inner = new Map<string, NumberSet>();
  private readonly outer = new Map<string, NumberSet>();
  /** The contractions, by the value that they make. */
  private readonly contractions = new Map<Node, NumberSet>();
  /** The groups that read or make a value. */
  private readonly touching = new Map<Node, number[]>();

  /** Takes note of what has just come to a group. */
  enter(group: Group, placed: Placed): void {
    const { number, shape } = group;
    const { job, references } = placed;
    this.groups[number] = group;
    if (isAdding(job)) return;
    setAt(this.inner, keyOf(shape)).add(number);
    if (job.kind === 'fold')
      for (const one of outerShapes(shape, group.folded)) setAt(this.outer, keyOf(one)).add(number);
    if (group.kind === 'contract') setAt(this.contractions, job.root).add(number);
    for (const value of new Set([job.root, ...references.map(({ owner }) => owner)])) {
      const touching = this.touching.get(value) ?? [];
      this.touching.set(value, touching);
      if (touching.at(-1) !== number) touching.push(number);
    }
  }

  /** Groups with loops that the job may fit, the latest first, but for those of given numbers. */
  *of(placing: Placing, except: NumberSet): Generator<Group> {
    const { job } = placing;
    const found = new NumberSet();
    const inner = this.inner.get(keyOf(job.frame));
    if (inner && isSmall({ shape: job.frame })) found.addAll(inner);
    else if (inner)
      for (const { owner } of placing.own().references)
        for (const number of this.touching.get(owner) ?? []) if (inner.has(number)) found.add(number);
    if (job.kind === 'point') {
      const outer = this.outer.get(keyOf(job.frame));
      if (outer) found.addAll(outer);
      const { value, coordinates } = placing.seen();
      const contractions = coordinates && this.contractions.get(value);
      if (contractions) found.addAll(contractions);
    }
    for (const number of found.descending(except)) yield this.groups[number]!;
  }
}

const keyOf = (shape: Shape): string => shape.join();

function setAt<K>(sets: Map<K, NumberSet>, key: K): NumberSet {
  const found = sets.get(key) ?? new NumberSet();
  sets.set(key, found);
  return found;
}
