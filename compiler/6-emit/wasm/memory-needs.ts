/** How much memory a program's module touches: its plan's, and behind it scratch space and slack. */
import type { Dim } from '../../../dsl/tensor.ts';
import type { Kernel, Plan } from '../../5-plan/plan.ts';
import { valueOf } from '../../ir/dim.ts';
import { layoutOf } from './contract/contract-layout.ts';

export interface MemoryNeeds {
  /** Bytes of scratch memory for each thread; the first one's starts right after the plan's. */
  readonly scratch: number;
  /** Bytes in all. */
  readonly bytes: number;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Where scratch memory starts. */
export const scratchStart = (plan: Plan): number => roundUp(plan.bytes);

export function memoryNeeds(plan: Plan, threads = 1): MemoryNeeds {
  const scratch = scratchNeeds(plan);
  // Idle lanes read up to three elements past the last one, whatever the stride between them.
  const reach = plan.kernels
    .flatMap(stridesOf)
    .reduce<number>((most, stride) => Math.max(most, Math.abs(valueOf(stride, { B: plan.capacity }))), 4);
  return { scratch, bytes: scratchStart(plan) + threads * scratch + roundUp(16 * reach) };
}

/** The most that a kernel of the plan wants, in whole cache lines. */
function scratchNeeds({ kernels, capacity }: Plan): number {
  return roundUp(
    kernels.reduce(
      (most, kernel) =>
        kernel.kind === 'contract' ? Math.max(most, layoutOf(kernel, capacity).scratchBytes) : most,
      0,
    ),
  );
}

function stridesOf(kernel: Kernel): readonly Dim[] {
  const stages = kernel.kind === 'loop' ? kernel.stages : [kernel];
  const accesses = stages.flatMap(({ body, stores }) => [
    ...body.flatMap((step) => (step.kind === 'read' ? step.access.strides : [])),
    ...stores.flatMap(({ access }) => access.strides),
  ]);
  return kernel.kind === 'contract'
    ? [...accesses, kernel.left.free, kernel.right.free, kernel.left.depth, kernel.right.depth]
    : accesses;
}
