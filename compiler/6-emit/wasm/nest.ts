/** A loop kernel with as few loops as will do: those of one turn dropped, neighbours that walk as one made one. */
import type { Dim } from '../../../dsl/tensor.ts';
import type { Access, LoopKernel, Stage, Step } from '../../5-plan/plan.ts';
import { product } from '../../ir/dim.ts';

export interface Nest {
  /** How often each loop turns; the outer ones come first. */
  readonly loops: readonly Dim[];
  readonly outer: number;
  readonly stages: readonly Stage[];
}

export function nestOf(kernel: LoopKernel): Nest {
  const [only, ...others] = kernel.stages;
  // A lone inner stage without folds does the same for each point, whichever loop it belongs to.
  if (only?.over === 'inner' && others.length === 0 && only.folds.length === 0) {
    return tightened([...kernel.outer, ...kernel.inner], [], [{ ...only, over: 'outer' }]);
  }
  return tightened(kernel.outer, kernel.inner, kernel.stages);
}

function tightened(outer: readonly Dim[], inner: readonly Dim[], stages: readonly Stage[]): Nest {
  const extents = [...outer, ...inner];
  const walks = stages.flatMap(stridesIn);
  const groups: number[][] = [];
  extents.forEach((extent, loop) => {
    if (extent === 1) return;
    const before = groups.at(-1);
    const last = before?.at(-1);
    const sameSide = last !== undefined && last < outer.length === loop < outer.length;
    const asOne = sameSide && walks.every((strides) => strides[last] === product([strides[loop]!, extent]));
    if (before && asOne) before.push(loop);
    else groups.push([loop]);
  });
  const remap = (strides: readonly Dim[]): Dim[] => groups.map((group) => strides[group.at(-1)!] ?? 0);
  return {
    loops: groups.map((group) => product(group.map((loop) => extents[loop]!))),
    outer: groups.filter(([first]) => first! < outer.length).length,
    stages: stages.map((stage) => withStrides(stage, remap)),
  };
}

function stridesIn({ body, stores }: Stage): (readonly Dim[])[] {
  const walks = body.flatMap((step) =>
    step.kind === 'read' ? [step.access.strides] : step.kind === 'index' ? [step.strides] : [],
  );
  return [...walks, ...stores.map(({ access }) => access.strides)];
}

/** The same stage over other loops: each list of strides as `remap` makes it. */
export function withStrides(stage: Stage, remap: (strides: readonly Dim[]) => readonly Dim[]): Stage {
  const access = (from: Access): Access => ({ ...from, strides: remap(from.strides) });
  const step = (from: Step): Step => {
    if (from.kind === 'read') return { ...from, access: access(from.access) };
    return from.kind === 'index' ? { ...from, strides: remap(from.strides) } : from;
  };
  return {
    ...stage,
    body: stage.body.map(step),
    stores: stage.stores.map((store) => ({ ...store, access: access(store.access) })),
  };
}
