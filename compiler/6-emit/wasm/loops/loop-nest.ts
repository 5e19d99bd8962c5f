/** A loop kernel as the emitter sees it: with as few loops as will do, in one list. */
import type { Dim } from '../../../../dsl/tensor.ts';
import { coalesce } from '../../../5-plan/3-kernels/coalesce.ts';
import type { LoopKernel, Stage } from '../../../5-plan/plan.ts';

export interface Nest {
  /** How often each loop runs; the outer ones come first. */
  readonly loops: readonly Dim[];
  readonly outer: number;
  readonly stages: readonly Stage[];
}

export function nestOf(kernel: LoopKernel): Nest {
  const { outer, inner, stages } = coalesce(withoutLoneInner(kernel));
  return { loops: [...outer, ...inner], outer: outer.length, stages };
}

/** A lone inner stage without folds does the same at each point, whichever loop the point belongs to. */
function withoutLoneInner(kernel: LoopKernel): LoopKernel {
  const [only, ...others] = kernel.stages;
  if (only?.over !== 'inner' || others.length > 0 || only.folds.length > 0) return kernel;
  return {
    ...kernel,
    outer: [...kernel.outer, ...kernel.inner],
    inner: [],
    stages: [{ ...only, over: 'outer' }],
  };
}
