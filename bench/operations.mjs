/** How much a plan computes. */
import { valueOf } from '../dist/compiler/ir/dim.js';

/** Multiplications and additions of a contraction; nothing is counted of loops, whose time goes into memory. */
export function operationsOf(kernel, batch) {
  if (kernel.kind !== 'contract') return 0;
  const loops = [...kernel.batch, kernel.rows, kernel.columns, kernel.depth];
  return 2 * loops.reduce((all, dim) => all * valueOf(dim, { B: batch }), 1);
}
