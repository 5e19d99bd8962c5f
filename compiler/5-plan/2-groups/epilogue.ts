/** What can be done to a contraction's sums while they are at hand. */
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { Steps } from '../3-kernels/steps.ts';
import type { Group, Placed } from './group.ts';
import { freeAxes, merged } from './operand.ts';

/**
 * In a contraction's epilogue rows and columns are one loop each: every address, and every index, must be able to walk
 * them so. Writing the steps down tells, whatever there is in them.
 */
export function isEpilogue(
  group: Group,
  { job, references, coordinates }: Placed,
  kept: ReadonlySet<Node>,
): boolean {
  if (job.kind !== 'point' || references.some(({ anywhere }) => anywhere)) return false;
  const { rows, columns } = freeAxes(group.placed[0]!.job.root);
  let walkable = true;
  const steps = new Steps({
    loops: group.shape.length,
    kept,
    regionOf: () => 0,
    made: (owner) => (group.find(owner) ? { kind: 'accumulator', dtype: typeOf(owner).dtype } : undefined),
    arrange: (strides) => {
      for (const axes of [rows, columns]) {
        const sizes = axes.map((axis) => group.shape[axis]!);
        const own = axes.map((axis) => strides[axis]!);
        walkable &&= merged(sizes, own) !== undefined;
      }
      return [];
    },
  });
  steps.valueOf(job.value, coordinates, job.value === job.root ? job.root : undefined);
  steps.access(job.root, coordinates);
  return walkable;
}
