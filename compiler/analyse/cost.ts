/** What a program costs, read off its plan: parameters, arithmetic, memory. Nothing is run. */

import type { Kernel, Plan, Stage } from '../5-plan/plan.ts';
import { valueOf } from '../ir/dim.ts';
import type { StateEntry } from '../module.ts';
import { sizeOf } from '../op/values.ts';

export interface Cost {
  /** Numbers that training changes. */
  readonly parameters: number;
  readonly kernels: number;
  /** Floating-point operations of one run at the full batch: two for each product summed, one for each elementwise op. */
  readonly operations: number;
  /** Bytes of state; bytes of the arena, and what it would take without sharing. */
  readonly stateBytes: number;
  readonly bytes: number;
  readonly naiveBytes: number;
}

export function costOf(plan: Plan, state: readonly StateEntry[]): Cost {
  const parameters = state
    .filter(({ role }) => role === 'param')
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const { stateBytes, bytes, naiveBytes, kernels, capacity } = plan;
  const operations = kernels.reduce((sum, kernel) => sum + operationsOf(kernel, capacity), 0);
  return { parameters, kernels: kernels.length, operations, stateBytes, bytes, naiveBytes };
}

function operationsOf(kernel: Kernel, capacity: number): number {
  const size = (dims: readonly (number | string)[]): number =>
    dims.reduce<number>((n, dim) => n * valueOf(dim, { B: capacity }), 1);
  const work = ({ body, folds }: Pick<Stage, 'body'> & { folds?: Stage['folds'] }): number =>
    body.filter(({ kind }) => kind === 'op').length + (folds?.length ?? 0);
  if (kernel.kind === 'contract') {
    const points = size([...kernel.batch, kernel.rows, kernel.columns]);
    return points * (2 * size([kernel.depth]) + work(kernel));
  }
  const outer = size(kernel.outer);
  const inner = outer * size(kernel.inner);
  return kernel.stages.reduce(
    (sum, stage) => sum + work(stage) * (stage.over === 'inner' ? inner : outer),
    0,
  );
}
