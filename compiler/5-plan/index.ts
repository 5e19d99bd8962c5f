/** From a simplified program to its plan: values in memory, kernels in order, one arena. */
import { isColumn } from '../ir/facts.ts';
import type { Graph } from '../ir/graph.ts';
import { topological } from '../ir/graph.ts';
import { nameAll } from '../ir/node-names.ts';
import type { StateEntry } from '../module.ts';
import type { Roles } from '../op/roles.ts';
import { arrange } from './1-values/arrange.ts';
import { decompose } from './1-values/decompose.ts';
import { materialised } from './1-values/materialise.ts';
import { gather } from './2-groups/gather.ts';
import { placeUpdates } from './2-groups/in-place.ts';
import { jobsOf } from './2-groups/job.ts';
import { blocked } from './3-kernels/block.ts';
import { buildContract } from './3-kernels/build-contract.ts';
import { buildLoop } from './3-kernels/build-loop.ts';
import { Ending } from './3-kernels/ending.ts';
import { storedRoots } from './3-kernels/stored.ts';
import { layRegions } from './4-memory/layout.ts';
import { RegionTable } from './4-memory/region-table.ts';
import type { Plan } from './plan.ts';

export interface PlanOptions {
  /** The largest batch. */
  readonly capacity: number;
  readonly state: readonly StateEntry[];
  readonly roles: Roles;
  /** Several jobs in a kernel; default true. */
  readonly fuse?: boolean;
  /** Values over each other in the arena; default true. */
  readonly reuse?: boolean;
  /** Bytes of cache that contractions are cut for; default: those of a small second-level cache. */
  readonly cache?: number;
}

export function plan(simplified: Graph, options: PlanOptions): Plan {
  const { capacity, state, roles, fuse = true, reuse = true, cache } = options;
  // Values: which of them get memory of their own.
  const graph = arrange(decompose(simplified), roles);
  const roots = materialised(graph, fuse);
  const kept = new Set(roots);
  // Groups: which of them are made together, and in which order.
  const gathered = gather(roots.flatMap(jobsOf), kept, fuse);
  const { inPlace, copied } = placeUpdates(graph, gathered);
  const order = gathered.ancestry.order(gathered.groups);
  // Kernels: each group as loops over memory.
  const nodes = topological(graph);
  const regions = new RegionTable({ capacity, state, names: nameAll(nodes), inPlace });
  const stored = storedRoots(graph, order);
  const context = { kept, stored, regions };
  const built = order.flatMap((group) =>
    group.kind === 'contract'
      ? blocked(buildContract(group, context), regions.drafts, cache)
      : [buildLoop(group, context)],
  );
  const ending = new Ending(graph, regions);
  const after = copied.map((update) => ending.set(update));
  const inputs = nodes.filter(isColumn).map((node) => ({ name: node.name!, region: regions.of(node) }));
  const outputs = graph.outputs.map(({ name, value }) => ({ name, region: ending.regionOf(value) }));
  const kernels = [...ending.before, ...built, ...after];
  // Memory: where each region lies.
  return {
    name: graph.name,
    program: graph.program,
    capacity,
    kernels,
    inputs,
    outputs,
    ...layRegions(regions.drafts, kernels, outputs, reuse),
  };
}
