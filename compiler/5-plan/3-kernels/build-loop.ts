/** Builds the kernel of a group of loops: each stage of its schedule as scalar steps, stores and folds. */
import type { Dim } from '../../../dsl/tensor.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Coordinates } from '../2-groups/coordinates.ts';
import type { Group } from '../2-groups/group.ts';
import { reads } from '../2-groups/references.ts';
import type { Draft } from '../2-groups/schedule.ts';
import { schedule } from '../2-groups/schedule.ts';
import type { FoldKind, LoopKernel, Stage, Step, Store } from '../plan.ts';
import type { BuildContext } from './build-context.ts';
import { coalesce } from './coalesce.ts';
import { Steps } from './steps.ts';
import { storeOf } from './store-of.ts';

export function buildLoop(group: Group, context: BuildContext): LoopKernel {
  const builder = new LoopBuilder(group, context);
  for (const draft of schedule(group, context.stored)) builder.add(draft);
  const sizes = (axes: readonly number[]): Dim[] => axes.map((axis) => group.shape[axis]!);
  return coalesce({
    kind: 'loop',
    name: group.placed.map(({ job }) => context.regions.nameOf(job.root)).join('+'),
    outer: sizes(builder.outerAxes),
    inner: sizes(group.folded),
    stages: builder.stages,
    spans: [...new Set(group.placed.map(({ job }) => job.root.span))],
  });
}

/** Where a value stands that an earlier stage has made. */
interface Finished {
  readonly stage: number;
  readonly index: number;
  readonly coordinates: Coordinates;
}

class LoopBuilder {
  readonly stages: Stage[] = [];
  readonly outerAxes: readonly number[];
  private readonly group: Group;
  private readonly context: BuildContext;
  private readonly finished = new Map<Node, Finished>();

  constructor(group: Group, context: BuildContext) {
    this.group = group;
    this.context = context;
    this.outerAxes = group.shape.flatMap((_, axis) => (group.folded.includes(axis) ? [] : [axis]));
  }

  /** Adds a stage, and before it one for what can be computed once for all of its inner loops. */
  add({ over, placed }: Draft): void {
    const { folded } = this.group;
    const own = new Map<Node, number>();
    const prelude = this.steps(own);
    const before = this.stages.length;
    const hoist = (node: Node, coordinates: Coordinates): Step | undefined => {
      if (!this.isOuter(coordinates) || folded.every((axis) => this.group.shape[axis] === 1))
        return undefined;
      const index = prelude.valueOf(node, coordinates);
      return { kind: 'earlier', stage: before, index, dtype: typeOf(node).dtype };
    };
    const steps = this.steps(own, over === 'inner' ? hoist : undefined);
    const stores: Store[] = [];
    const folds: { fold: FoldKind; value: number; root: Node }[] = [];
    for (const each of placed) {
      const { job, coordinates } = each;
      const { root } = job;
      if (job.kind === 'fold' && over === 'inner') {
        folds.push({ fold: foldOf(root), value: steps.valueOf(job.value, coordinates), root });
        continue;
      }
      const isItself = job.kind === 'point' && job.value === root;
      const value = steps.valueOf(job.value, coordinates, isItself ? root : undefined);
      if (job.kind === 'point') own.set(root, value);
      const store = storeOf(each, steps, value, this.context);
      if (store) stores.push(store);
    }
    const { body } = steps;
    if (prelude.body.length > 0)
      this.stages.push({ over: 'outer', body: prelude.body, stores: [], folds: [] });
    const stage = this.stages.length;
    this.stages.push({ over, body, stores, folds: folds.map(({ fold, value }) => ({ fold, value })) });
    folds.forEach(({ root }, k) => {
      const coordinates = this.group.coordinatesFor(typeOf(root).shape, 'outer')!;
      this.finished.set(root, { stage, index: body.length + k, coordinates });
    });
    if (over === 'inner' || folded.length === 0) return;
    for (const [root, index] of own)
      this.finished.set(root, { stage, index, coordinates: this.group.find(root)!.coordinates });
  }

  /** Writes down steps of a stage that has made the values `own` so far. */
  private steps(
    own: ReadonlyMap<Node, number>,
    hoist?: (node: Node, coordinates: Coordinates) => Step | undefined,
  ): Steps {
    const { group, context, finished } = this;
    const loopOrder = [...this.outerAxes, ...group.folded];
    return new Steps({
      loops: group.shape.length,
      kept: context.kept,
      regionOf: (owner) => context.regions.of(owner),
      arrange: (strides) => loopOrder.map((axis) => strides[axis]!),
      made: (owner, seen, coordinates) => {
        const reference = { owner, seen, coordinates, anywhere: false };
        const here = own.get(owner);
        const placed = group.find(owner);
        if (here !== undefined && placed && reads(reference, placed.coordinates)) return here;
        const done = finished.get(owner);
        if (!done || !reads(reference, done.coordinates)) return undefined;
        return { kind: 'earlier', stage: done.stage, index: done.index, dtype: typeOf(owner).dtype };
      },
      ...(hoist && { hoist }),
    });
  }

  private isOuter(coordinates: Coordinates): boolean {
    return coordinates.every(({ terms }) => terms.every(({ loop }) => !this.group.folded.includes(loop)));
  }
}

function foldOf({ card }: Node): FoldKind {
  if (card.kind === 'composite' || !card.fold) throw new Error(`internal: ${card.name} is no fold`);
  return card.fold;
}
