/** Builds the kernel of a group of loops: its jobs become stages, in as few passes as their order allows. */
import type { Dim } from '../../../dsl/tensor.ts';
import { stridesOf } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Primitive } from '../../op/card.ts';
import type { Coordinates } from '../2-groups/coordinates.ts';
import { following, seenIn } from '../2-groups/coordinates.ts';
import type { Group, Placed } from '../2-groups/group.ts';
import { reads } from '../2-groups/references.ts';
import { scatterAxis, scatterIndices } from '../2-groups/scatter.ts';
import type { RegionTable } from '../4-memory/region-table.ts';
import type { LoopKernel, Stage, Step, Store } from '../plan.ts';
import { coalesce } from './coalesce.ts';
import { Steps } from './steps.ts';

export interface BuildContext {
  readonly kept: ReadonlySet<Node>;
  /** The values that are read outside the stage that makes them, and so must be stored. */
  readonly stored: ReadonlySet<Node>;
  readonly regions: RegionTable;
}

interface Draft {
  readonly over: Stage['over'];
  readonly placed: Placed[];
}

/** Where a finished value stands in the kernel. */
interface Finished {
  readonly stage: number;
  readonly index: number;
  readonly coordinates: Coordinates;
}

export function buildLoop(group: Group, context: BuildContext): LoopKernel {
  const axes = group.shape.map((_, axis) => axis);
  const outerAxes = axes.filter((axis) => !group.folded.includes(axis));
  const loopOrder = [...outerAxes, ...group.folded];
  const arrange = (strides: readonly Dim[]): Dim[] => loopOrder.map((axis) => strides[axis]!);
  const drafts = schedule(group, context);
  const finished = new Map<Node, Finished>();
  const stages: Stage[] = [];

  for (const draft of drafts) {
    const own = new Map<Node, number>();
    const surroundings = {
      loops: axes.length,
      kept: context.kept,
      regionOf: (owner: Node) => context.regions.of(owner),
      arrange,
      made: (owner: Node, seen: Node, coordinates: Coordinates): Step | number | undefined => {
        const here = own.get(owner);
        const placed = group.find(owner);
        if (
          here !== undefined &&
          placed &&
          reads({ owner, seen, coordinates, anywhere: false }, placed.coordinates)
        )
          return here;
        const done = finished.get(owner);
        if (!done || !reads({ owner, seen, coordinates, anywhere: false }, done.coordinates))
          return undefined;
        return { kind: 'earlier', stage: done.stage, index: done.index, dtype: typeOf(owner).dtype };
      },
    };
    const prelude = new Steps(surroundings);
    const preludeAt = stages.length;
    const isOuter = (coordinates: Coordinates): boolean =>
      coordinates.every(({ terms }) => terms.every(({ loop }) => !group.folded.includes(loop)));
    const hoist = (node: Node, coordinates: Coordinates): Step | undefined =>
      isOuter(coordinates) && group.folded.some((axis) => group.shape[axis] !== 1)
        ? {
            kind: 'earlier',
            stage: preludeAt,
            index: prelude.valueOf(node, coordinates),
            dtype: typeOf(node).dtype,
          }
        : undefined;
    const steps = new Steps(draft.over === 'inner' ? { ...surroundings, hoist } : surroundings);
    const stores: Store[] = [];
    const folds: { fold: NonNullable<Primitive['fold']>; value: number; root: Node }[] = [];
    for (const placed of draft.placed) {
      const { job, coordinates } = placed;
      const { root } = job;
      if (job.kind === 'fold' && draft.over === 'inner') {
        const { card } = root;
        if (card.kind === 'composite' || !card.fold) throw new Error(`internal: ${card.name} is no fold`);
        folds.push({ fold: card.fold, value: steps.valueOf(job.value, coordinates), root });
        continue;
      }
      const value = steps.valueOf(
        job.value,
        coordinates,
        job.kind === 'point' && job.value === root ? root : undefined,
      );
      if (job.kind === 'point') own.set(root, value);
      const store = storeOf(placed, steps, value, context);
      if (store) stores.push(store);
    }
    if (prelude.body.length > 0) stages.push({ over: 'outer', body: prelude.body, stores: [], folds: [] });
    const at = stages.length;
    stages.push({
      over: draft.over,
      body: steps.body,
      stores,
      folds: folds.map(({ fold, value }) => ({ fold, value })),
    });
    folds.forEach(({ root }, k) => {
      const coordinates = group.coordinatesFor(typeOf(root).shape, 'outer')!;
      finished.set(root, { stage: at, index: steps.body.length + k, coordinates });
    });
    if (draft.over === 'outer' && group.folded.length > 0) {
      for (const [root, index] of own)
        finished.set(root, { stage: at, index, coordinates: group.find(root)!.coordinates });
    }
  }
  const sizes = (list: readonly number[]): Dim[] => list.map((axis) => group.shape[axis]!);
  return coalesce({
    kind: 'loop',
    name: group.placed.map(({ job }) => context.regions.nameOf(job.root)).join('+'),
    outer: sizes(outerAxes),
    inner: sizes(group.folded),
    stages,
    spans: [...new Set(group.placed.map(({ job }) => job.root.span))],
  });
}

/** Stages in order; each job in the first that its inputs allow. Folds whose result is needed are stored by an outer stage. */
function schedule(group: Group, context: BuildContext): Draft[] {
  if (group.folded.length === 0) return [{ over: 'outer', placed: [...group.placed] }];
  const drafts: Draft[] = [];
  const stageOf = new Map<Node, number>();
  const put = (placed: Placed, over: Stage['over'], from: number): number => {
    let stage = drafts.findIndex((draft, i) => i >= from && draft.over === over);
    if (stage < 0) stage = drafts.push({ over, placed: [] }) - 1;
    drafts[stage]!.placed.push(placed);
    return stage;
  };
  for (const placed of group.placed) {
    const { job, level, references } = placed;
    const earliest = Math.max(0, ...references.map(({ owner }) => readyAfter(group, owner, level, stageOf)));
    const stage = put(placed, level, earliest);
    stageOf.set(job.root, stage);
  }
  for (const placed of group.placed) {
    const { job } = placed;
    if (job.kind !== 'fold' || !context.stored.has(job.root)) continue;
    const coordinates = group.coordinatesFor(typeOf(job.root).shape, 'outer')!;
    const result: Placed = {
      job: { ...job, value: job.root },
      level: 'outer',
      coordinates,
      references: [],
      depth: 0,
    };
    put(result, 'outer', stageOf.get(job.root)! + 1);
  }
  return drafts;
}

function readyAfter(
  group: Group,
  owner: Node,
  level: Placed['level'],
  stageOf: ReadonlyMap<Node, number>,
): number {
  const made = group.find(owner);
  const stage = stageOf.get(owner);
  if (!made || stage === undefined) return 0;
  const sameKind = made.job.kind !== 'fold' && made.level === level;
  return sameKind ? stage : stage + 1;
}

function storeOf(
  { job, coordinates }: Placed,
  steps: Steps,
  value: number,
  context: BuildContext,
): Store | undefined {
  const { root } = job;
  if (job.kind === 'scatter') return scattered(root, coordinates, steps, value);
  if (job.landing) {
    const access = steps.access(root, seenIn(typeOf(root).shape, job.landing, coordinates));
    return { access, value, ...(job.kind === 'overlap' && { add: true }) };
  }
  return job.value !== root || context.stored.has(root)
    ? { access: steps.access(root, coordinates), value }
    : undefined;
}

function scattered(root: Node, coordinates: Coordinates, steps: Steps, value: number): Store {
  const [indices] = root.inputs as [Node];
  const axis = scatterAxis(root);
  const { shape } = typeOf(root);
  const indexRank = typeOf(indices).shape.length;
  const index = steps.valueOf(indices, scatterIndices(root, coordinates));
  const still = following([1], [null])[0]!;
  const where = [...coordinates.slice(0, axis), still, ...coordinates.slice(axis + indexRank)];
  const lookup = { value: index, stride: stridesOf(shape)[axis]!, limit: shape[axis]! };
  return { access: steps.access(root, where, [lookup]), value, add: true };
}
