/** Puts the jobs of a group into stages: as few passes as their order allows. */
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Stage } from '../plan.ts';
import type { Group, Level, Placed } from './group.ts';

/** The jobs of one pass. */
export interface Draft {
  readonly over: Stage['over'];
  readonly placed: Placed[];
}

/** Stages in order; each job in the first that its inputs allow. Folds whose result is needed are stored by an outer stage. */
export function schedule(group: Group, stored: ReadonlySet<Node>): Draft[] {
  if (group.folded.length === 0) return [{ over: 'outer', placed: [...group.placed] }];
  const drafts: Draft[] = [];
  const stageOf = new Map<Node, number>();
  const put = (placed: Placed, over: Stage['over'], from: number): number => {
    let stage = drafts.findIndex((draft, i) => i >= from && draft.over === over);
    if (stage < 0) stage = drafts.push({ over, placed: [] }) - 1;
    drafts[stage]!.placed.push(placed);
    return stage;
  };
  /** The first stage that sees the value. */
  const readyIn = (owner: Node, level: Level): number => {
    const made = group.find(owner);
    const stage = stageOf.get(owner);
    if (!made || stage === undefined) return 0;
    return made.job.kind !== 'fold' && made.level === level ? stage : stage + 1;
  };
  for (const placed of group.placed) {
    const { job, level, references } = placed;
    const earliest = references.reduce((most, { owner }) => Math.max(most, readyIn(owner, level)), 0);
    stageOf.set(job.root, put(placed, level, earliest));
  }
  for (const { job } of group.placed) {
    if (job.kind !== 'fold' || !stored.has(job.root)) continue;
    const coordinates = group.coordinatesFor(typeOf(job.root).shape, 'outer')!;
    const result = { job: { ...job, value: job.root }, coordinates, references: [], depth: 0 };
    put({ ...result, level: 'outer' }, 'outer', stageOf.get(job.root)! + 1);
  }
  return drafts;
}
