/** Makes up loop kernels: any loops, and stages over them that hand values and folds to one another. */

import type { LoopKernel, Plan, Stage } from '../../compiler/5-plan/plan.ts';
import { nestOf } from '../../compiler/6-emit/wasm/loops/loop-nest.ts';
import { vectorise } from '../../compiler/6-emit/wasm/loops/vectorise.ts';
import { KernelValues } from '../../compiler/6-emit/wasm/scalar/values.ts';
import type { Chooser } from './chooser.ts';
import type { MadeCase } from './kernel-maker.ts';
import { KernelMaker } from './kernel-maker.ts';

export function loopCase(choose: Chooser): MadeCase {
  const maker = new KernelMaker(choose);
  const outer = maker.extents(3);
  const inner = choose.chance(2) ? maker.extents(2) : [];
  const extents = [...outer, ...inner];
  const stages: Stage[] = [];
  const wanted = choose.chance(2) ? 1 : choose.whole(2, 4);
  for (let i = 0; i < wanted; i++) {
    const over = inner.length > 0 && !choose.chance(3) ? 'inner' : 'outer';
    stages.push(maker.stage(over, extents, outer.length, stages));
  }
  const kernel: LoopKernel = { kind: 'loop', name: 'generated', outer, inner, stages, spans: [] };
  const made = maker.finish(kernel);
  maker.features.add(directionOf(kernel, made.plan));
  return made;
}

/** Which way the emitter takes vectors through the kernel: so that the count shows that all of them are tried. */
function directionOf(kernel: LoopKernel, { regions }: Plan): string {
  const nest = nestOf(kernel);
  const values = new KernelValues(regions, nest.stages);
  const { placement, unroll } = vectorise(nest, values);
  if (placement.vectorLoop === undefined) return 'without vectors';
  return `${unroll > 1 ? 'unrolled' : 'plain'} along ${placement.vectorLoop < nest.outer ? 'outer' : 'inner'} loop`;
}
