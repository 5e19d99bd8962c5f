/** Makes one loop of two where all addresses walk them as one, and drops loops of a single iteration. */
import type { Dim } from '../../../dsl/tensor.ts';
import { product } from '../../ir/dim.ts';
import type { LoopKernel, Stage, Step } from '../plan.ts';

export function coalesce(kernel: LoopKernel): LoopKernel {
  let current = kernel;
  for (let loop = current.outer.length + current.inner.length - 1; loop >= 0; loop--) {
    const sizes = [...current.outer, ...current.inner];
    if (sizes[loop] === 1) current = without(current, loop, sizes);
    else if (canMerge(current, loop, sizes)) current = mergeWithNext(current, loop, sizes);
  }
  return current;
}

/** Whether the loop and the next one inside it, in the same nest, are walked by one stride everywhere. */
function canMerge(kernel: LoopKernel, loop: number, sizes: readonly Dim[]): boolean {
  const sameNest = loop + 1 < sizes.length && loop + 1 !== kernel.outer.length;
  if (!sameNest) return false;
  const inner = sizes[loop + 1]!;
  return allStrides(kernel).every((strides) => strides[loop] === product([strides[loop + 1]!, inner]));
}

function allStrides(kernel: LoopKernel): (readonly Dim[])[] {
  return kernel.stages.flatMap(({ body, stores }) => [
    ...body.flatMap((step) =>
      step.kind === 'read' ? [step.access.strides] : step.kind === 'index' ? [step.strides] : [],
    ),
    ...stores.map(({ access }) => access.strides),
  ]);
}

function mergeWithNext(kernel: LoopKernel, loop: number, sizes: readonly Dim[]): LoopKernel {
  const merged = product([sizes[loop]!, sizes[loop + 1]!]);
  const resized = sizes.map((size, i) => (i === loop + 1 ? merged : size));
  return without(kernel, loop, resized);
}

/** The kernel without one loop; the strides of the others stay. */
function without(kernel: LoopKernel, loop: number, sizes: readonly Dim[]): LoopKernel {
  const drop = <T>(list: readonly T[]): T[] => list.filter((_, i) => i !== loop);
  const split = kernel.outer.length - (loop < kernel.outer.length ? 1 : 0);
  const left = drop(sizes);
  const restep = (step: Step): Step => {
    if (step.kind === 'read')
      return { ...step, access: { ...step.access, strides: drop(step.access.strides) } };
    return step.kind === 'index' ? { ...step, strides: drop(step.strides) } : step;
  };
  const stages = kernel.stages.map(
    (stage): Stage => ({
      ...stage,
      body: stage.body.map(restep),
      stores: stage.stores.map((store) => ({
        ...store,
        access: { ...store.access, strides: drop(store.access.strides) },
      })),
    }),
  );
  return { ...kernel, outer: left.slice(0, split), inner: left.slice(split), stages };
}
