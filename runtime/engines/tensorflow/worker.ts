/** The thread that runs TensorFlow: it waits for orders in shared memory and carries them out one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ProgramName } from '../../../compiler/ir/graph.ts';
import { programNames } from '../../../compiler/ir/graph.ts';
import type { Binding, TensorInfo } from './binding.ts';
import { loadBinding } from './binding.ts';
import type { Assignment, PortSlot, Slot, StateSlot } from './exchange.ts';
import { failureText, orders, sizesOf, viewOf, word } from './exchange.ts';

/** The order in which programs are numbered. */
type Runner = (rows: number) => void;

class Servant {
  readonly #binding: Binding;
  readonly #model: number;
  readonly #memory: SharedArrayBuffer;
  readonly #state: readonly StateSlot[];
  readonly #runners = new Map<ProgramName, Runner>();

  constructor({ binding, directory, memory, programs, state }: Assignment) {
    this.#binding = loadBinding(binding);
    this.#memory = memory;
    this.#state = state;
    this.#model = this.#binding.loadSavedModel(directory, 'serve');
    for (const name of programNames) {
      const slots = programs[name];
      if (slots) this.#runners.set(name, this.#runner(slots));
    }
  }

  /** Carries out orders until it is told to end. */
  serve(): void {
    const control = new Int32Array(this.#memory, 0, 16);
    for (let turn = 1; ; turn++) {
      while (Atomics.load(control, word.asked) < turn) Atomics.wait(control, word.asked, turn - 1);
      const order = control[word.order]!;
      control[word.failed] =
        order === orders.end ? 0 : this.#tried(order, control[word.which]!, control[word.rows]!);
      if (order === orders.end) this.#binding.deleteSavedModel(this.#model);
      Atomics.store(control, word.answered, turn);
      Atomics.notify(control, word.answered);
      if (order === orders.end) return;
    }
  }

  /** The length of the failure's text; 0 if all went well. */
  #tried(order: number, which: number, rows: number): number {
    try {
      if (order === orders.run) this.#runners.get(programNames[which]!)!(rows);
      else if (order === orders.read) this.#read(this.#state[which]!);
      else this.#write(this.#state[which]!);
      return 0;
    } catch (error) {
      const text = new TextEncoder().encode(error instanceof Error ? error.message : String(error));
      const kept = text.subarray(0, failureText.bytes);
      new Uint8Array(this.#memory, failureText.offset, kept.length).set(kept);
      return Math.max(1, kept.length);
    }
  }

  #runner({ inputs, outputs, rows: rowsName, done }: NonNullable<Assignment['programs']['step']>): Runner {
    const names = inputs.map(({ tensor }) => `${tensor}:0`);
    if (rowsName !== undefined) names.push(`${rowsName}:0`);
    const fed = names.join(',');
    const fetched = (outputs.length > 0 ? outputs.map(({ tensor }) => tensor) : [done])
      .map((tensor) => `${tensor}:0`)
      .join(',');
    const feeds = inputs.map((slot) => this.#feed(slot));
    const views = outputs.map((slot) => viewOf(this.#memory, slot));
    const binding = this.#binding;
    return (rows) => {
      const ids = feeds.map((feed) => feed(rows));
      if (rowsName !== undefined) ids.push(binding.createTensor([], binding.TF_INT32, Int32Array.of(rows)));
      this.#call(ids, fed, fetched, (results) => {
        views.forEach((view, i) => {
          view.set(binding.tensorDataSync(results[i]!.id));
        });
      });
    };
  }

  /** Makes the tensor of the first rows of an input. */
  #feed(slot: PortSlot): (rows: number) => number {
    const view = viewOf(this.#memory, slot);
    return (rows) => this.#tensor(slot, sizesOf(slot.shape, rows), view);
  }

  #read(slot: StateSlot): void {
    const view = viewOf(this.#memory, slot);
    this.#call([], '', `${slot.read}:0`, ([result]) => {
      view.set(this.#binding.tensorDataSync(result!.id));
    });
  }

  #write(slot: StateSlot): void {
    const id = this.#tensor(slot, sizesOf(slot.shape, 1), viewOf(this.#memory, slot));
    this.#call([id], `${slot.value}:0`, `${slot.written}:0`, () => {});
  }

  #tensor({ dtype }: Slot, shape: readonly number[], view: Float32Array | Int32Array): number {
    const { createTensor, TF_BOOL, TF_FLOAT, TF_INT32 } = this.#binding;
    const numbers = view.subarray(
      0,
      shape.reduce((count, size) => count * size, 1),
    );
    if (dtype === 'float32') return createTensor(shape, TF_FLOAT, numbers);
    if (dtype === 'int32') return createTensor(shape, TF_INT32, numbers);
    return createTensor(
      shape,
      TF_BOOL,
      Uint8Array.from(numbers, (number) => Number(number !== 0)),
    );
  }

  /** One session call; every tensor of it is given back, whatever happens. */
  #call(
    ids: readonly number[],
    fed: string,
    fetched: string,
    use: (results: readonly TensorInfo[]) => void,
  ): void {
    let results: readonly TensorInfo[] = [];
    try {
      results = this.#binding.runSavedModel(this.#model, ids, fed, fetched);
      use(results);
    } finally {
      for (const { id } of results) this.#binding.deleteTensor(id);
      for (const id of ids) this.#binding.deleteTensor(id);
    }
  }
}

/** What the thread says once: that it is ready, or why it cannot be. */
export type Greeting = { readonly ready: true } | { readonly ready: false; readonly why: string };

function begin(): void {
  const greet = (greeting: Greeting): void => parentPort?.postMessage(greeting);
  let servant: Servant;
  try {
    // Whoever starts this thread hands it an assignment.
    servant = new Servant(workerData as Assignment);
  } catch (error) {
    greet({ ready: false, why: error instanceof Error ? error.message : String(error) });
    return;
  }
  greet({ ready: true });
  servant.serve();
}

begin();
