/** The TensorFlow engine: one graph for all programs, in a thread of its own; each step is one session call. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG603 } from '../../../compiler/diagnostics/engine.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Module } from '../../../compiler/module.ts';
import { byLength } from '../by-length.ts';
import type { Engine, Numbers, Runnable, Session } from '../engine.ts';
import { requireBinding } from './find-binding.ts';
import type { Assignment, PortSlot } from './shared-memory.ts';
import { orders, viewOf } from './shared-memory.ts';
import type { Thread } from './thread.ts';

export interface TensorflowOptions {
  /**
   * Where ops are placed. Default `auto`: TensorFlow's own choice, a GPU where its library has one. `cpu` keeps all of them
   * on the CPU. Which GPU is seen the environment says, by `CUDA_VISIBLE_DEVICES`.
   */
  readonly device?: 'auto' | 'cpu' | undefined;
}

/** The engine with options: `train(pipeline, { engine: tensorflowEngine({ device: 'cpu' }) })`. */
export function tensorflowEngine({ device = 'auto' }: TensorflowOptions = {}): Engine {
  return byLength({
    name: 'tensorflow',
    load: async (module, options) => open(module, options?.programs ?? [...module.programs.keys()], device),
  });
}

export const tensorflow: Engine = tensorflowEngine();

async function open(module: Module, names: readonly string[], device: 'auto' | 'cpu'): Promise<Session> {
  const { file } = requireBinding();
  // Loaded when wanted: whoever imports the runtime for another engine does without.
  const [{ assign }, { Thread }] = await Promise.all([import('./write-model.ts'), import('./thread.ts')]);
  const directory = await mkdtemp(join(tmpdir(), 'millrace-tensorflow-'));
  try {
    // TensorFlow tells of its processors on standard error at every start; a setting of the user's own stands.
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    const assignment = await assign(module, names, { binding: file, directory, device });
    return new TensorflowSession(module.capacity, assignment, await Thread.start(assignment));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

class TensorflowSession implements Session {
  readonly #capacity: number;
  readonly #assignment: Assignment;
  readonly #thread: Thread;
  readonly #runnables = new Map<string, Runnable>();
  readonly #state: ReadonlyMap<string, { readonly number: number; readonly view: Numbers }>;

  constructor(capacity: number, assignment: Assignment, thread: Thread) {
    this.#capacity = capacity;
    this.#assignment = assignment;
    this.#thread = thread;
    const { state, memory } = assignment;
    this.#state = new Map(state.map((slot, number) => [slot.name, { number, view: viewOf(memory, slot) }]));
  }

  program(name: string): Runnable {
    let runnable = this.#runnables.get(name);
    if (!runnable) {
      runnable = this.#runnable(name);
      this.#runnables.set(name, runnable);
    }
    return runnable;
  }

  read(state: string): Numbers {
    const { number, view } = this.#held(state);
    this.#thread.order(orders.read, number);
    // A copy in memory of its own: shared memory is taken by few interfaces of Node.
    return view instanceof Float32Array ? Float32Array.from(view) : Int32Array.from(view);
  }

  write(state: string, values: ArrayLike<number>): void {
    const { number, view } = this.#held(state);
    if (values.length !== view.length)
      throw new Error(`internal: ${state} holds ${view.length} values, not ${values.length}`);
    view.set(values);
    this.#thread.order(orders.write, number);
  }

  dispose(): void {
    this.#thread.end();
    this.#runnables.clear();
  }

  #held(state: string): { readonly number: number; readonly view: Numbers } {
    const held = this.#state.get(state);
    if (!held) throw new Error(`internal: there is no state ${state}`);
    return held;
  }

  #runnable(name: string): Runnable {
    const { programs, memory } = this.#assignment;
    const which = programs.findIndex((program) => program.name === name);
    const slots = programs[which];
    if (!slots) throw new Error(`internal: the program ${name} was not loaded`);
    const capacity = this.#capacity;
    const views = (ports: readonly PortSlot[]): Record<string, Numbers> =>
      Object.fromEntries(ports.map((port) => [port.name, viewOf(memory, port)]));
    return {
      capacity,
      inputs: views(slots.inputs),
      outputs: views(slots.outputs),
      run: (rows) => {
        checkRows(rows, capacity);
        this.#thread.order(orders.run, which, rows);
      },
      runAside: (rows) => {
        checkRows(rows, capacity);
        return this.#thread.orderAside(orders.run, which, rows);
      },
    };
  }
}

function checkRows(rows: number, capacity: number): void {
  if (rows >= 0 && rows <= capacity) return;
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
