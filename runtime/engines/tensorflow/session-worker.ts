/** Carries out orders on TensorFlow: runs a program, reads or sets a state, with numbers in memory that is shared. */
import type { Binding, TensorInfo } from './binding.ts';
import { loadBinding } from './binding.ts';
import type { Assignment, PortSlot, ProgramSlots, Slot, StateSlot } from './shared-memory.ts';
import { orders, sizesOf, viewOf } from './shared-memory.ts';

type Runner = (rows: number) => void;

export class SessionWorker {
  readonly #binding: Binding;
  readonly #model: number;
  readonly #memory: SharedArrayBuffer;
  readonly #state: readonly StateSlot[];
  readonly #runners: readonly Runner[];

  constructor({ binding, directory, memory, programs, state }: Assignment) {
    this.#binding = loadBinding(binding);
    this.#memory = memory;
    this.#state = state;
    this.#model = this.#binding.loadSavedModel(directory, 'serve');
    this.#runners = programs.map((slots) => this.#runner(slots));
  }

  carryOut(order: number, which: number, rows: number): void {
    if (order === orders.run) this.#runners[which]!(rows);
    else if (order === orders.read) this.#read(this.#state[which]!);
    else this.#write(this.#state[which]!);
  }

  /** Lets TensorFlow's session go. */
  end(): void {
    this.#binding.deleteSavedModel(this.#model);
  }

  #runner({ inputs, outputs, rows: rowsName, done }: ProgramSlots): Runner {
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
