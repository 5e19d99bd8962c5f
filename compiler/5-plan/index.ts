/** From a simplified program to its plan: values in memory, kernels in order, one arena. */

import { product, valueOf } from '../ir/dim.ts';
import { isColumn, isVariable, leafOf } from '../ir/facts.ts';
import type { Graph } from '../ir/graph.ts';
import { topological } from '../ir/graph.ts';
import type { Node, TensorType } from '../ir/node.ts';
import { typeOf } from '../ir/node.ts';
import { nameAll } from '../ir/node-names.ts';
import type { StateEntry } from '../module.ts';
import type { Roles } from '../op/roles.ts';
import { isHeld, ownerOf } from './1-values/alias.ts';
import { arrange } from './1-values/arrange.ts';
import { decompose } from './1-values/decompose.ts';
import { materialised } from './1-values/materialise.ts';
import { gather } from './2-groups/gather.ts';
import type { Group } from './2-groups/group.ts';
import { placeUpdates } from './2-groups/in-place.ts';
import { jobsOf } from './2-groups/job.ts';
import { blocked } from './3-kernels/block.ts';
import { buildContract } from './3-kernels/build-contract.ts';
import { buildLoop } from './3-kernels/build-loop.ts';
import { copyKernel } from './3-kernels/copy.ts';
import { regionsOf } from './3-kernels/regions.ts';
import { layOut } from './4-memory/arena.ts';
import type { Kernel, Plan, Region } from './plan.ts';

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

/** Vector loops may run into the padding, so every region starts and ends at a multiple of this. */
const alignment = 16;

export function plan(simplified: Graph, options: PlanOptions): Plan {
  const { capacity, state, roles, fuse = true, reuse = true, cache } = options;
  const graph = arrange(decompose(simplified), roles);
  const roots = materialised(graph, fuse);
  const kept = new Set(roots);
  const gathered = gather(roots.flatMap(jobsOf), kept, fuse);
  const { inPlace, copied } = placeUpdates(graph, gathered);
  const order = gathered.ancestry.order(gathered.groups);

  const names = nameAll(topological(graph));
  const drafts: Omit<Region, 'offset'>[] = [];
  const regionNumbers = new Map<Node, number>();
  const stateNumbers = new Map<string, number>();
  const add = (draft: Omit<Region, 'offset' | 'bytes'>): number =>
    drafts.push({ ...draft, bytes: bytesOf(draft, capacity) }) - 1;
  for (const { id, dtype, shape } of state)
    stateNumbers.set(id, add({ name: id, kind: 'state', dtype, shape }));

  const regionOf = (owner: Node): number => {
    const before = regionNumbers.get(owner);
    if (before !== undefined) return before;
    const target = inPlace.get(owner);
    const number = target ? regionOf(target) : newRegion(owner);
    regionNumbers.set(owner, number);
    return number;
  };
  const newRegion = (owner: Node): number => {
    const { dtype, shape } = typeOf(owner);
    const leaf = leafOf(owner);
    if (isVariable(owner)) {
      const number = stateNumbers.get(owner.name ?? '');
      if (number === undefined) throw new Error(`internal: there is no state ${owner.name}`);
      return number;
    }
    const name = names.get(owner)!;
    if (leaf?.is === 'column') return add({ name, kind: 'input', dtype, shape });
    if (leaf?.is === 'literal')
      return add({ name, kind: 'literal', dtype, shape, values: leaf.values(owner.attributes) });
    return add({ name, kind: 'arena', dtype, shape });
  };

  const stored = storedRoots(graph, order);
  const context = {
    kept,
    regionOf,
    stored: (root: Node) => stored.has(root),
    nameOf: (root: Node) => names.get(root)!,
  };
  const kernels: Kernel[] = order.flatMap((group) =>
    group.kind === 'contract'
      ? blocked(buildContract(group, context), drafts, cache)
      : [buildLoop(group, context)],
  );
  const updated = new Set(graph.updates.map(({ target }) => target));
  const setAside = new Map<Node, number>();
  /** Where the value is when all kernels have run: a state that takes another value is set aside before they do. */
  const regionAtEnd = (value: Node): number => {
    const owner = ownerOf(value);
    if (!updated.has(owner)) return regionOf(owner);
    let aside = setAside.get(owner);
    if (aside === undefined) {
      const type = typeOf(owner);
      aside = add({ name: `old ${names.get(owner)}`, kind: 'arena', ...type });
      kernels.unshift(copyKernel(`keep ${names.get(owner)}`, type, regionOf(owner), aside, value.span));
      setAside.set(owner, aside);
    }
    return aside;
  };
  for (const { target, value } of copied) {
    const from = regionAtEnd(value);
    kernels.push(copyKernel(`set ${target.name}`, typeOf(value), from, regionOf(target), value.span));
  }
  const inputs = topological(graph)
    .filter(isColumn)
    .map((node) => ({ name: node.name!, region: regionOf(node) }));
  const outputs = graph.outputs.map(({ name, value }) => ({ name, region: regionAtEnd(value) }));
  return {
    name: graph.name,
    program: graph.program,
    capacity,
    kernels,
    inputs,
    outputs,
    ...layRegions(drafts, kernels, new Set(outputs.map(({ region }) => region)), reuse),
  };
}

function bytesOf({ shape }: Pick<TensorType, 'shape'>, capacity: number): number {
  return Math.ceil((valueOf(product(shape), { B: capacity }) * 4) / alignment) * alignment;
}

/** The roots whose value is read anywhere but in the pass that makes it. */
function storedRoots(graph: Graph, groups: readonly Group[]): Set<Node> {
  const stored = new Set<Node>([...graph.outputs, ...graph.updates].map(({ value }) => ownerOf(value)));
  for (const group of groups) {
    for (const { references } of group.placed) {
      for (const { owner } of references) {
        const made = isHeld(owner) ? undefined : group.find(owner);
        if (!made || (group.folded.length > 0 && made.job.kind === 'point' && made.level === 'inner'))
          stored.add(owner);
      }
    }
  }
  return stored;
}

/** Offsets: state first, the same in every program; then inputs, literals and outputs; then the arena. */
function layRegions(
  drafts: readonly Omit<Region, 'offset'>[],
  kernels: readonly Kernel[],
  outputs: ReadonlySet<number>,
  reuse: boolean,
): Pick<Plan, 'regions' | 'stateBytes' | 'bytes' | 'naiveBytes'> {
  const lifetimes = drafts.map(() => ({ from: Number.POSITIVE_INFINITY, to: -1 }));
  kernels.forEach((kernel, at) => {
    for (const region of regionsOf(kernel)) {
      const lifetime = lifetimes[region]!;
      lifetime.from = Math.min(lifetime.from, at);
      lifetime.to = Math.max(lifetime.to, at);
    }
  });
  const offsets = drafts.map(() => 0);
  let end = 0;
  const append = (i: number): void => {
    offsets[i] = end;
    end += drafts[i]!.bytes;
  };
  const indices = drafts.map((_, i) => i);
  for (const i of indices) if (drafts[i]!.kind === 'state') append(i);
  const stateBytes = end;
  const fixed = (i: number): boolean =>
    drafts[i]!.kind !== 'state' && (drafts[i]!.kind !== 'arena' || outputs.has(i));
  for (const i of indices) if (fixed(i)) append(i);
  const arena = indices.filter((i) => drafts[i]!.kind === 'arena' && !outputs.has(i));
  const laid = layOut(
    arena.map((i) => ({ bytes: drafts[i]!.bytes, ...lifetimes[i]! })),
    reuse,
  );
  arena.forEach((i, k) => {
    offsets[i] = end + laid.offsets[k]!;
  });
  return {
    regions: drafts.map((draft, i) => ({
      ...draft,
      kind: draft.kind === 'arena' && outputs.has(i) ? 'output' : draft.kind,
      offset: offsets[i]!,
    })),
    stateBytes,
    bytes: end + laid.bytes,
    naiveBytes: arena.reduce((sum, i) => sum + drafts[i]!.bytes, 0),
  };
}
