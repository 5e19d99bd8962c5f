/** The WebAssembly engine: one module a program, all in one memory, state in common. Nothing is allocated in a step. */

import { regionsOf } from '../../../compiler/5-plan/3-kernels/touched.ts';
import type { Kernel, Plan, Port, Region } from '../../../compiler/5-plan/plan.ts';
import { planProgram } from '../../../compiler/5-plan/plan-program.ts';
import { memoryNeeds, microsecondsOfRun } from '../../../compiler/6-emit/wasm/index.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG603 } from '../../../compiler/diagnostics/engine.ts';
import { valueOf } from '../../../compiler/ir/dim.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Module } from '../../../compiler/module.ts';
import { byLength } from '../by-length.ts';
import type { Engine, KernelTime, Numbers, Runnable, Session } from '../engine.ts';
import { checkThreads } from './check-threads.ts';
import { allocate, requireSimd } from './host.ts';
import { ModuleSource } from './module-source.ts';
import type { Division, WasmOptions } from './options.ts';
import { divisionOf } from './options.ts';
import { controlBytes, Threads } from './threads.ts';
import type { Memory } from './webassembly.ts';
import { compileModule, instantiate } from './webassembly.ts';

export type { WasmOptions } from './options.ts';

/** The engine, told how to run. Refuses with RUN801 options that are not what they must be. */
export function wasmEngine(options: WasmOptions = {}): Engine {
  if (options.threads !== undefined) checkThreads(options.threads);
  return byLength({
    name: 'wasm',
    load: async (module, { programs = [...module.programs.keys()] } = {}) => {
      requireSimd();
      const plans = new Map(programs.map((name) => [name, planProgram(module, name, options.plan)]));
      const division = divisionOf(options, [...plans.values()]);
      return new WasmSession(module, plans, division, new ModuleSource(options));
    },
  });
}

export const wasm: Engine = wasmEngine();

/** Threads of sessions that nobody disposed of end when the session is forgotten. */
const forgotten = new FinalizationRegistry<Threads>((threads) => threads.end());

type Running = Pick<Runnable, 'run' | 'runAside'>;

class WasmSession implements Session {
  readonly #plans: ReadonlyMap<string, Plan>;
  #held: Memory | undefined;
  /** What is added to the addresses of a program's own memory; state lies at the same place for all. */
  readonly #origins = new Map<string, number>();
  readonly #runnables = new Map<string, Runnable>();
  readonly #state = new Map<string, Numbers>();
  readonly #division: Division;
  readonly #modules: ModuleSource;
  #threads: Threads | undefined;

  constructor(module: Module, plans: ReadonlyMap<string, Plan>, division: Division, modules: ModuleSource) {
    this.#plans = plans;
    this.#division = division;
    this.#modules = modules;
    const { threads, isShared } = division;
    let bytes = 0;
    for (const [name, plan] of plans) {
      const origin = Math.max(0, bytes - plan.stateBytes);
      // Addresses stay multiples of 16, as the plan made them.
      this.#origins.set(name, Math.ceil(origin / 64) * 64);
      bytes = this.#origins.get(name)! + memoryNeeds(plan, threads).bytes;
    }
    const control = Math.ceil(bytes / 64) * 64;
    this.#held = allocate(isShared ? control + controlBytes : bytes, module.name, isShared);
    if (isShared) {
      this.#threads = new Threads(this.#memory, control, threads);
      forgotten.register(this, this.#threads, this);
    }
    this.#findState();
  }

  /** Compiles the program when it is first asked for. */
  program(name: string): Runnable {
    let runnable = this.#runnables.get(name);
    if (!runnable) {
      runnable = this.#instantiate(name);
      this.#runnables.set(name, runnable);
    }
    return runnable;
  }

  read(state: string): Numbers {
    return this.#valuesOf(state).slice();
  }

  write(state: string, values: ArrayLike<number>): void {
    const held = this.#valuesOf(state);
    if (values.length !== held.length)
      throw new Error(`internal: ${state} holds ${held.length} values, not ${values.length}`);
    held.set(values);
  }

  view(state: string): Numbers {
    return this.#valuesOf(state);
  }

  /** Whoever keeps the session does not keep its memory. */
  dispose(): void {
    this.#threads?.end();
    forgotten.unregister(this);
    this.#runnables.clear();
    this.#state.clear();
    this.#threads = undefined;
    this.#held = undefined;
  }

  get #memory(): Memory {
    if (!this.#held) throw new Error('internal: the session was disposed of');
    return this.#held;
  }

  #findState(): void {
    for (const { regions } of this.#plans.values()) {
      for (const region of regions) {
        if (region.kind === 'state') this.#state.set(region.name, this.#view(region, 1, 0));
      }
    }
  }

  #valuesOf(state: string): Numbers {
    const held = this.#state.get(state);
    if (!held) throw new Error(`internal: there is no state ${state}`);
    return held;
  }

  #instantiate(name: string): Runnable {
    const origin = this.#origins.get(name);
    const plan = this.#plans.get(name);
    if (origin === undefined || !plan) throw new Error(`internal: the program ${name} was not loaded`);
    const { capacity } = plan;
    const { run, runAside } = this.#threads
      ? this.#divided(plan, origin, this.#threads)
      : this.#whole(plan, origin);
    const fitting =
      <Result>(runRows: (rows: number) => Result) =>
      (rows: number): Result => {
        if (rows > capacity || rows < 0) refuseRows(rows, capacity);
        return runRows(rows);
      };
    return {
      capacity,
      inputs: this.#views(plan, plan.inputs, origin),
      outputs: this.#views(plan, plan.outputs, origin),
      run: fitting(run),
      profile: fitting(this.#profiled(plan, origin)),
      ...(runAside && { runAside: fitting(runAside) }),
    };
  }

  #whole(plan: Plan, origin: number): Running {
    const module = compileModule(this.#modules.bytesOf(plan));
    // The emitter's promise: `run` takes the rows and gives nothing.
    return { run: instantiate(module, { memory: this.#memory, origin }).run as (rows: number) => void };
  }

  /** Each kernel as a module of its own, on the same memory, made when it is first asked for. */
  #profiled(plan: Plan, origin: number): (rows: number) => readonly KernelTime[] {
    let parts: readonly (Omit<KernelTime, 'microseconds'> & Running)[] | undefined;
    const alone = (kernel: Kernel): Running => {
      const part = { ...plan, kernels: [kernel] };
      return this.#threads ? this.#onThisThread(part, origin, this.#threads) : this.#whole(part, origin);
    };
    const bytesOf = (kernel: Kernel): number =>
      [...new Set(regionsOf(kernel))].reduce((sum, region) => sum + plan.regions[region]!.bytes, 0);
    return (rows) => {
      parts ??= plan.kernels.map((kernel) => ({
        name: kernel.name,
        bytes: bytesOf(kernel),
        ...alone(kernel),
      }));
      return parts.map(({ name, bytes, run }) => {
        const start = performance.now();
        run(rows);
        return { name, bytes, microseconds: (performance.now() - start) * 1000 };
      });
    };
  }

  #onThisThread(plan: Plan, origin: number, threads: Threads): Running {
    const module = compileModule(this.#modules.bytesOf(plan, { divideFrom: Number.POSITIVE_INFINITY }));
    const env = { memory: this.#memory, origin, thread: 0, control: threads.control };
    // The emitter's promise: `run` takes the rows and the number of threads, and gives nothing.
    const run = instantiate(module, env).run as (rows: number, threads: number) => void;
    return { run: (rows) => run(rows, 1) };
  }

  /** All modules of a session share one memory; but what is too short for it runs on this thread alone. */
  #divided(plan: Plan, origin: number, threads: Threads): Running {
    const { programsFrom, kernelsFrom, asideFrom } = this.#division;
    const microseconds = microsecondsOfRun(plan);
    if (microseconds < programsFrom) return this.#onThisThread(plan, origin, threads);
    const module = compileModule(this.#modules.bytesOf(plan, { divideFrom: kernelsFrom }));
    const env = { memory: this.#memory, origin, thread: 0, control: threads.control };
    // The emitter's promise: `run` takes the rows and the number of threads, and gives nothing.
    const run = instantiate(module, env).run as (rows: number, threads: number) => void;
    const divided = threads.add(module, origin, run, microseconds >= asideFrom);
    const fewest = fewestRows(plan, programsFrom);
    // Waking the others for a few rows takes longer than the rows do, and nobody knows how much longer.
    return { ...divided, run: (rows) => (rows < fewest ? run(rows, 1) : divided.run(rows)) };
  }

  #views(plan: Plan, ports: readonly Port[], origin: number): Record<string, Numbers> {
    return Object.fromEntries(
      ports.map(({ name, region }) => [name, this.#view(plan.regions[region]!, plan.capacity, origin)]),
    );
  }

  #view({ kind, dtype, shape, offset }: Region, capacity: number, origin: number): Numbers {
    const length = shape.reduce<number>((size, dim) => size * valueOf(dim, { B: capacity }), 1);
    const { buffer } = this.#memory;
    const start = kind === 'state' ? offset : origin + offset;
    return dtype === 'float32'
      ? new Float32Array(buffer, start, length)
      : new Int32Array(buffer, start, length);
  }
}

/** The least batch that takes so many microseconds, by estimate; the full one does. */
function fewestRows({ kernels, capacity }: Plan, microseconds: number): number {
  let [below, enough] = [0, capacity];
  while (enough - below > 1) {
    const middle = (below + enough) >> 1;
    if (microsecondsOfRun({ kernels, capacity: middle }) < microseconds) below = middle;
    else enough = middle;
  }
  return enough;
}

function refuseRows(rows: number, capacity: number): never {
  refuse(
    ENG603({
      message: `a batch of ${rows} rows does not fit a program compiled for ${capacity}`,
      span: nowhere,
      expected: `at most ${capacity} rows`,
      received: `${rows} rows`,
      hint: 'compile with a larger capacity, or split the batch',
    }),
  );
}
