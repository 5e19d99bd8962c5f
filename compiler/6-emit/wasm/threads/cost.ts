/** How long a kernel takes, roughly, from sizes alone: enough to tell what is worth dividing. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { Kernel, Plan, Stage } from '../../../5-plan/plan.ts';
import { valueOf } from '../../../ir/dim.ts';

/** What one thread does of a product in a microsecond: sums and multiplications. */
const productsPerMicrosecond = 30_000;
/** What it does of all else: a read, a store, or one op on one element; some are a single instruction, some are twenty. */
const stepsPerMicrosecond = 10_000;

/** Microseconds on one thread at the full batch. */
export function microsecondsOf(kernel: Kernel, capacity: number): number {
  const count = (dims: readonly Dim[]): number =>
    dims.reduce<number>((product, dim) => product * valueOf(dim, { B: capacity }), 1);
  if (kernel.kind === 'contract') {
    const points = count([...kernel.batch, kernel.rows, kernel.columns]);
    const products = 2 * points * count([kernel.depth]);
    return products / productsPerMicrosecond + (points * stepsIn(kernel)) / stepsPerMicrosecond;
  }
  const outer = count(kernel.outer);
  const inner = outer * count(kernel.inner);
  return kernel.stages.reduce((sum, stage) => {
    const iterations = stage.over === 'inner' ? inner : outer;
    return sum + (iterations * (stepsIn(stage) + stage.folds.length)) / stepsPerMicrosecond;
  }, 0);
}

function stepsIn({ body, stores }: Pick<Stage, 'body' | 'stores'>): number {
  return body.filter(({ kind }) => kind === 'op' || kind === 'read').length + stores.length;
}

/** Microseconds of a whole run on one thread, at a batch of so many rows. */
export function microsecondsOfRun({ kernels, capacity }: Pick<Plan, 'kernels' | 'capacity'>): number {
  return kernels.reduce((sum, kernel) => sum + microsecondsOf(kernel, capacity), 0);
}
