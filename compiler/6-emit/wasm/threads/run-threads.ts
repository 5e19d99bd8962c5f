/** Emits the `run` that several threads call at once: each does its share of every kernel, and they meet in between. */
import type { Plan } from '../../../5-plan/plan.ts';
import { FunctionBody } from '../assembler/function.ts';
import type { FunctionRef, ModuleBuilder } from '../assembler/module.ts';
import type { KernelFunction } from '../kernel-function.ts';
import { Sizes } from '../loops/sizes.ts';
import { emitBarrier, emitShareStart } from './barrier.ts';
import { barriersOf } from './barriers.ts';

/** A kernel's function in the module, with the code that puts where its regions start on the stack. */
export interface Callable {
  readonly kernel: KernelFunction;
  readonly callee: FunctionRef;
  readonly pushStarts: (run: FunctionBody) => void;
}

/**
 * `run(rows, threads)`: to be called by all threads, each of which knows its number from the global `env.thread`. No
 * element is computed by two of them and no fold is divided, so that their number shows in no bit.
 */
export function emitThreadedRun(
  module: ModuleBuilder,
  plan: Plan,
  callables: readonly Callable[],
  thread: number,
): FunctionRef {
  const barrier = module.add('barrier', emitBarrier(module.importGlobal('control', 'i32')));
  const shareStart = module.add('shareStart', emitShareStart());
  const run = new FunctionBody({ takes: ['i32', 'i32'], gives: [] });
  const [rows, threads] = run.params;
  const sizes = new Sizes(run, rows!);
  const meet = (): void => {
    run.get(threads!);
    run.call(barrier.index, barrier.signature);
  };
  const alone = (callable: Callable): void => {
    callable.pushStarts(run);
    run.get(rows!);
    run.call(callable.callee.index, callable.callee.signature);
  };
  const together = (callable: Callable): void => {
    const { size, grain } = callable.kernel.split!;
    const bound = (after: number): void => {
      sizes.push(size);
      run.i32(grain);
      run.global(thread, 'i32');
      run.i32(after);
      run.op('i32.add');
      run.get(threads!);
      run.call(shareStart.index, shareStart.signature);
    };
    const first = run.local('i32');
    const count = run.local('i32');
    bound(0);
    run.set(first);
    bound(1);
    run.get(first);
    run.op('i32.sub');
    run.tee(count);
    run.if(() => {
      callable.pushStarts(run);
      for (const local of [rows!, first, count]) run.get(local);
      run.call(callable.callee.index, callable.callee.signature);
    });
    run.release(first);
    run.release(count);
  };
  const isShared = callables.map(({ kernel }) => kernel.split !== undefined);
  const barriers = barriersOf(
    plan.kernels.map((kernel, i) => ({ kernel, isShared: isShared[i]! })),
    plan.regions,
  );
  for (const [i, callable] of callables.entries()) {
    if (barriers[i]) meet();
    if (isShared[i]) {
      together(callable);
      continue;
    }
    run.global(thread, 'i32');
    run.op('i32.eqz');
    run.if(() => alone(callable));
  }
  meet();
  return module.add('run', run);
}
