/** Emits a plan as one WebAssembly module: a function a kernel, and `run`, which calls them in order. */
import type { Kernel, Plan, Region } from '../../5-plan/plan.ts';
import { FunctionBody } from './assembler/function.ts';
import type { FunctionRef } from './assembler/module.ts';
import { ModuleBuilder } from './assembler/module.ts';
import { emitContract } from './contract/contract.ts';
import type { KernelFunction } from './kernel-function.ts';
import { scratchRegion } from './kernel-function.ts';
import { emitLoops } from './loops/loops.ts';
import { memoryNeeds, scratchStart } from './memory-needs.ts';
import { microsecondsOf } from './threads/cost.ts';
import type { Callable } from './threads/run-threads.ts';
import { emitThreadedRun } from './threads/run-threads.ts';

export { identityOf } from './identity.ts';
export { memoryNeeds } from './memory-needs.ts';
export { relaxedProbe } from './relaxed-probe.ts';
export { barrierBytes, barrierWords } from './threads/barrier.ts';
export { microsecondsOfRun } from './threads/cost.ts';

export interface EmitOptions {
  /**
   * For several threads on shared memory: kernels that take at least so many microseconds are divided. The module then
   * imports `env.thread`, the number of the thread that it is instantiated for, and `env.control`, where `barrierBytes`
   * bytes of zeros lie; it exports `run(rows: i32, threads: i32)`, to be called by all of them.
   */
  readonly divideFrom?: number;
  /** Contractions use relaxed SIMD: faster where the host has fused multiply-add, and not the same bits on every host. */
  readonly relaxedSimd?: boolean;
}

const pageBytes = 64 * 1024;

/**
 * The module imports `env.memory` and the i32 `env.origin`, which is added to the address of all that is not state:
 * so programs can share one memory with their state in common and nothing else. It exports `run(rows: i32)` for any
 * number of rows up to the plan's capacity. Literals are written when the module is instantiated.
 */
export function emit(plan: Plan, options: EmitOptions = {}): Uint8Array {
  const { divideFrom } = options;
  const module = new ModuleBuilder();
  const origin = module.importGlobal('origin', 'i32');
  const thread = divideFrom === undefined ? undefined : module.importGlobal('thread', 'i32');
  const { scratch, bytes } = memoryNeeds(plan);
  const pushStart = (f: FunctionBody, region: Region): void => {
    f.i32(region.offset);
    if (region.kind === 'state') return;
    f.global(origin, 'i32');
    f.op('i32.add');
  };
  const pushScratch = (f: FunctionBody): void => {
    f.i32(scratchStart(plan));
    f.global(origin, 'i32');
    f.op('i32.add');
    if (thread === undefined) return;
    f.global(thread, 'i32');
    f.i32(scratch);
    f.op('i32.mul');
    f.op('i32.add');
  };
  const callables = plan.kernels.map((kernel): Callable => {
    const made = emitKernel(kernel, plan, options);
    const pushStarts = (run: FunctionBody): void => {
      for (const region of made.regions) {
        if (region === scratchRegion) pushScratch(run);
        else pushStart(run, plan.regions[region]!);
      }
    };
    return { kernel: made, callee: module.add(kernel.name, made.body), pushStarts };
  });
  const literals = plan.regions.filter(({ values }) => values !== undefined);
  if (literals.length > 0) {
    const start = new FunctionBody({ takes: [], gives: [] });
    const write = (): void => {
      for (const region of literals) {
        const content = bytesOf(region);
        const segment = module.data(content);
        pushStart(start, region);
        start.i32(0);
        start.i32(content.length);
        start.initialise(segment);
      }
    };
    if (thread === undefined) write();
    else {
      // The other threads come later, when the literals may be in use.
      start.global(thread, 'i32');
      start.op('i32.eqz');
      start.if(write);
    }
    module.startWith(module.add('literals', start));
  }
  const run =
    thread === undefined ? emitRun(module, callables) : emitThreadedRun(module, plan, callables, thread);
  module.export('run', run);
  return module.finish(`${plan.name}.${plan.program}`, Math.ceil(bytes / pageBytes), thread !== undefined);
}

function emitRun(module: ModuleBuilder, callables: readonly Callable[]): FunctionRef {
  const run = new FunctionBody({ takes: ['i32'], gives: [] });
  for (const { callee, pushStarts } of callables) {
    pushStarts(run);
    run.get(run.params[0]!);
    run.call(callee.index, callee.signature);
  }
  return module.add('run', run);
}

function emitKernel(
  kernel: Kernel,
  { regions, capacity }: Plan,
  { divideFrom, relaxedSimd: isRelaxed = false }: EmitOptions,
): KernelFunction {
  const isShared = divideFrom !== undefined && microsecondsOf(kernel, capacity) >= divideFrom;
  return kernel.kind === 'loop'
    ? emitLoops(kernel, regions, isShared ? capacity : undefined)
    : emitContract(kernel, regions, capacity, { isShared, isRelaxed });
}

function bytesOf({ dtype, values }: Region): Uint8Array {
  const numbers = dtype === 'float32' ? Float32Array.from(values!) : Int32Array.from(values!);
  return new Uint8Array(numbers.buffer);
}
