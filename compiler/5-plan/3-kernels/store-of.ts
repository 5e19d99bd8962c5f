/** Where a job's value is stored: where its coordinates say, where a view of the result shows it, or where indices say. */
import { stridesOf } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Coordinates } from '../2-groups/coordinates.ts';
import { fixed, seenIn } from '../2-groups/coordinates.ts';
import type { Placed } from '../2-groups/group.ts';
import { scatterAxis, scatterIndices } from '../2-groups/scatter.ts';
import type { Store } from '../plan.ts';
import type { BuildContext } from './build-context.ts';
import type { Steps } from './steps.ts';

/** The store of the step `value`, if the job's value must be stored. */
export function storeOf(
  { job, coordinates }: Placed,
  steps: Steps,
  value: number,
  { stored }: BuildContext,
): Store | undefined {
  const { root } = job;
  if (job.kind === 'scatter') return scattered(root, coordinates, steps, value);
  if (job.landing) {
    const access = steps.access(root, seenIn(typeOf(root).shape, job.landing, coordinates));
    return { access, value, ...(job.kind === 'overlap' && { add: true }) };
  }
  return job.value !== root || stored.has(root)
    ? { access: steps.access(root, coordinates), value }
    : undefined;
}

function scattered(root: Node, coordinates: Coordinates, steps: Steps, value: number): Store {
  const [indices] = root.inputs as [Node];
  const axis = scatterAxis(root);
  const { shape } = typeOf(root);
  const indexRank = typeOf(indices).shape.length;
  const index = steps.valueOf(indices, scatterIndices(root, coordinates));
  const where = [...coordinates.slice(0, axis), fixed(0), ...coordinates.slice(axis + indexRank)];
  const lookup = { value: index, stride: stridesOf(shape)[axis]!, limit: shape[axis]! };
  return { access: steps.access(root, where, [lookup]), value, add: true };
}
