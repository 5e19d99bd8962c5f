/** The WebAssembly engine: one module a program, all in one memory, state in common. Nothing is allocated in a step. */

import type { Plan, Port, Region } from '../../../compiler/5-plan/plan.ts';
import { memoryNeeds } from '../../../compiler/6-emit/wasm/index.ts';
import type { Compiled } from '../../../compiler/compiled.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG603 } from '../../../compiler/diagnostics/engine.ts';
import { valueOf } from '../../../compiler/ir/dim.ts';
import type { ProgramName } from '../../../compiler/ir/graph.ts';
import { programNames } from '../../../compiler/ir/graph.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Engine, LoadOptions, Numbers, Runnable, Session } from '../engine.ts';
import { allocate, requireSimd } from './host.ts';
import type { Memory } from './webassembly.ts';
import { instantiate } from './webassembly.ts';

export const wasm: Engine = {
  name: 'wasm',
  load: async (compiled, options) => {
    requireSimd();
    return new WasmSession(compiled, options?.programs ?? programNames);
  },
};

class WasmSession implements Session {
  readonly #compiled: Compiled;
  readonly #memory: Memory;
  /** What is added to the addresses of a program's own memory; state lies at the same place for all. */
  readonly #origins = new Map<ProgramName, number>();
  readonly #runnables = new Map<ProgramName, Runnable>();
  readonly #state = new Map<string, Numbers>();

  constructor(compiled: Compiled, programs: NonNullable<LoadOptions['programs']>) {
    this.#compiled = compiled;
    let bytes = 0;
    for (const name of programs) {
      const { plan } = compiled.programs[name];
      const origin = Math.max(0, bytes - plan.stateBytes);
      // Addresses stay multiples of 16, as the plan made them.
      this.#origins.set(name, Math.ceil(origin / 64) * 64);
      bytes = this.#origins.get(name)! + memoryNeeds(plan).bytes;
    }
    this.#memory = allocate(bytes, compiled.name);
    this.#findState(compiled.programs);
  }

  /** Compiles the program when it is first asked for. */
  program(name: ProgramName): Runnable {
    let runnable = this.#runnables.get(name);
    if (!runnable) {
      runnable = this.#instantiate(name);
      this.#runnables.set(name, runnable);
    }
    return runnable;
  }

  read(state: string): Numbers {
    return this.#held(state).slice();
  }

  write(state: string, values: ArrayLike<number>): void {
    const held = this.#held(state);
    if (values.length !== held.length)
      throw new Error(`internal: ${state} holds ${held.length} values, not ${values.length}`);
    held.set(values);
  }

  dispose(): void {
    this.#runnables.clear();
    this.#state.clear();
  }

  #findState(programs: Compiled['programs']): void {
    for (const { plan } of Object.values(programs)) {
      for (const region of plan.regions) {
        if (region.kind === 'state') this.#state.set(region.name, this.#view(region, 1, 0));
      }
    }
  }

  #held(state: string): Numbers {
    const held = this.#state.get(state);
    if (!held) throw new Error(`internal: there is no state ${state}`);
    return held;
  }

  #instantiate(name: ProgramName): Runnable {
    const origin = this.#origins.get(name);
    if (origin === undefined) throw new Error(`internal: the program ${name} was not loaded`);
    const { plan, module } = this.#compiled.programs[name];
    // The emitter's promise: `run` takes the rows and gives nothing.
    const run = instantiate(module(), { memory: this.#memory, origin }).exports.run as (rows: number) => void;
    const { capacity } = plan;
    return {
      capacity,
      inputs: this.#views(plan, plan.inputs, origin),
      outputs: this.#views(plan, plan.outputs, origin),
      run: (rows) => {
        if (rows > capacity || rows < 0) refuseRows(rows, capacity);
        run(rows);
      },
    };
  }

  #views(plan: Plan, ports: readonly Port[], origin: number): Record<string, Numbers> {
    return Object.fromEntries(
      ports.map(({ name, region }) => [name, this.#view(plan.regions[region]!, plan.capacity, origin)]),
    );
  }

  #view({ kind, dtype, shape, offset }: Region, capacity: number, origin: number): Numbers {
    const length = shape.reduce<number>((size, dim) => size * valueOf(dim, { B: capacity }), 1);
    const View = dtype === 'float32' ? Float32Array : Int32Array;
    return new View(this.#memory.buffer, kind === 'state' ? offset : origin + offset, length);
  }
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
