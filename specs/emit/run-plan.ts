/** Runs the module of a plan, and checks that it writes nowhere but where the plan says. */

import { regionsOf } from '../../compiler/5-plan/3-kernels/touched.ts';
import type { Plan, Region } from '../../compiler/5-plan/plan.ts';
import { emit, memoryNeeds } from '../../compiler/6-emit/wasm/index.ts';
import { compileModule, instantiate, webAssembly } from '../../runtime/engines/wasm/webassembly.ts';
import { elementsOf } from '../support/plan-interpreter.ts';

/** What lies where nothing was put: a NaN as a float, and as an index far out of any range. */
const junk = 0x7fa5_5aa5;

/** The elements of every region after a run of `rows` rows; regions without values before it hold junk. */
export function runPlan(
  plan: Plan,
  before: ReadonlyMap<number, ArrayLike<number>>,
  rows: number,
): number[][] {
  // Anywhere will do, as a multiple of 16: the start of memory, where nothing lies below, and elsewhere.
  const origin = rows % 2 === 0 ? 0 : 4096;
  const pages = Math.ceil((origin + memoryNeeds(plan).bytes) / 65_536);
  const memory = new webAssembly!.Memory({ initial: pages, maximum: pages });
  const words = new Int32Array(memory.buffer).fill(junk);
  const addressOf = (region: Region): number => region.offset + (region.kind === 'state' ? 0 : origin);
  const view = (region: Region): Float32Array | Int32Array => {
    const count = elementsOf(region.shape, rows);
    return region.dtype === 'float32'
      ? new Float32Array(memory.buffer, addressOf(region), count)
      : new Int32Array(memory.buffer, addressOf(region), count);
  };
  const run = instantiate(compileModule(emit(plan)), { memory, origin }).run as (rows: number) => void;
  for (const [region, values] of before) view(plan.regions[region]!).set(values);
  const untouched = words.slice();
  run(rows);
  const written = new Set(plan.kernels.flatMap(regionsWritten));
  const free = new Uint8Array(words.length);
  for (const region of written) {
    const { bytes } = plan.regions[region]!;
    free.fill(1, addressOf(plan.regions[region]!) / 4, (addressOf(plan.regions[region]!) + bytes) / 4);
  }
  free.fill(1, (origin + plan.bytes) / 4);
  for (let at = 0; at < words.length; at++) {
    if (!free[at] && words[at] !== untouched[at])
      throw new Error(`word ${at} was written, in no region that is`);
  }
  return plan.regions.map((region) => [...view(region)]);
}

function regionsWritten(kernel: Plan['kernels'][number]): number[] {
  const stages = kernel.kind === 'loop' ? kernel.stages : [kernel];
  const stored = new Set(stages.flatMap(({ stores }) => stores.map(({ access }) => access.region)));
  return regionsOf(kernel).filter((region) => stored.has(region));
}

/** A plan of these kernels over regions laid out one after the other. */
export function planOf(
  regions: readonly Omit<Region, 'offset' | 'bytes'>[],
  kernels: Plan['kernels'],
  capacity: number,
): Plan {
  let offset = 0;
  const placed = regions.map((region): Region => {
    const bytes = Math.ceil((4 * elementsOf(region.shape, capacity)) / 16) * 16;
    const at = offset;
    offset += bytes;
    return { ...region, offset: at, bytes };
  });
  return {
    name: 'generated',
    program: 'step',
    capacity,
    regions: placed,
    kernels,
    inputs: [],
    outputs: [],
    stateBytes: 0,
    bytes: offset,
    naiveBytes: offset,
  };
}
