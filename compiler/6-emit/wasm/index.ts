/** Emits a plan as one WebAssembly module: a function a kernel, and `run`, which calls them in order. */
import type { Kernel, Plan, Region } from '../../5-plan/plan.ts';
import { FunctionBody } from './function.ts';
import type { KernelFunction } from './kernel-function.ts';
import { scratchRegion } from './kernel-function.ts';
import { emitContract } from './kernels/contract.ts';
import { emitLoops } from './loops.ts';
import { memoryNeeds, scratchStart } from './memory-needs.ts';
import type { FunctionRef } from './module.ts';
import { ModuleBuilder } from './module.ts';

export { memoryNeeds } from './memory-needs.ts';

const pageBytes = 64 * 1024;

/**
 * The module imports `env.memory` and the i32 `env.origin`, which is added to the address of all that is not state:
 * so programs can share one memory with their state in common and nothing else. It exports `run(rows: i32)` for any
 * number of rows up to the plan's capacity. Literals are written when the module is instantiated.
 */
export function emit(plan: Plan): Uint8Array {
  const module = new ModuleBuilder();
  const origin = module.importGlobal('origin', 'i32');
  const run = new FunctionBody({ takes: ['i32'], gives: [] });
  const pushStart = (f: FunctionBody, region: Region | undefined): void => {
    f.i32(region ? region.offset : scratchStart(plan));
    if (region?.kind === 'state') return;
    f.global(origin, 'i32');
    f.op('i32.add');
  };
  for (const kernel of plan.kernels) {
    const { body, regions } = emitKernel(kernel, plan);
    const callee: FunctionRef = module.add(kernel.name, body);
    for (const region of regions)
      pushStart(run, region === scratchRegion ? undefined : plan.regions[region]!);
    run.get(run.params[0]!);
    run.call(callee.index, callee.signature);
  }
  const literals = plan.regions.filter(({ values }) => values !== undefined);
  if (literals.length > 0) {
    const start = new FunctionBody({ takes: [], gives: [] });
    for (const region of literals) {
      const bytes = bytesOf(region);
      const segment = module.data(bytes);
      pushStart(start, region);
      start.i32(0);
      start.i32(bytes.length);
      start.initialise(segment);
    }
    module.startWith(module.add('literals', start));
  }
  module.export('run', module.add('run', run));
  return module.finish(`${plan.name}.${plan.program}`, Math.ceil(memoryNeeds(plan).bytes / pageBytes));
}

function emitKernel(kernel: Kernel, plan: Plan): KernelFunction {
  return kernel.kind === 'loop'
    ? emitLoops(kernel, plan.regions)
    : emitContract(kernel, plan.regions, plan.capacity);
}

function bytesOf({ dtype, values }: Region): Uint8Array {
  const numbers = dtype === 'float32' ? Float32Array.from(values!) : Int32Array.from(values!);
  return new Uint8Array(numbers.buffer);
}
