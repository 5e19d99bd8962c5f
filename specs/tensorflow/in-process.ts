/** Runs programs on TensorFlow inside the process of a spec, without a thread: many small models one after another. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Module } from '../../compiler/module.ts';
import type { FoundBinding } from '../../runtime/engines/tensorflow/find-binding.ts';
import { findBinding } from '../../runtime/engines/tensorflow/find-binding.ts';
import { SessionWorker } from '../../runtime/engines/tensorflow/session-worker.ts';
import type { Assignment, Slot } from '../../runtime/engines/tensorflow/shared-memory.ts';
import { countOf, orders, viewOf } from '../../runtime/engines/tensorflow/shared-memory.ts';
import { assign } from '../../runtime/engines/tensorflow/write-model.ts';

/** TensorFlow as it was found here, or undefined, which is said once in each suite that would have used it. */
export function tensorflowHere(suite: string): FoundBinding | undefined {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  const found = findBinding();
  if (!found) console.log(`${suite}: not run, TensorFlow is not set up here (npm run setup:tensorflow)`);
  return found;
}

export class InProcess {
  readonly #worker: SessionWorker;
  readonly #assignment: Assignment;

  private constructor(assignment: Assignment) {
    this.#assignment = assignment;
    this.#worker = new SessionWorker(assignment);
  }

  static async load(module: Module, binding: string): Promise<InProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-spec-'));
    try {
      return new InProcess(
        await assign(module, [...module.programs.keys()], { binding, directory, device: 'auto' }),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** Feeds what `feed` gives for each input, runs, and gives the outputs. */
  run(
    program: string,
    rows: number,
    feed: (input: string) => ArrayLike<number>,
  ): Readonly<Record<string, readonly number[]>> {
    const { memory, programs } = this.#assignment;
    const which = programs.findIndex(({ name }) => name === program);
    const { inputs, outputs } = programs[which]!;
    for (const slot of inputs) viewOf(memory, slot).set(feed(slot.name));
    this.#worker.carryOut(orders.run, which, rows);
    return Object.fromEntries(outputs.map((slot) => [slot.name, this.#numbers(slot, rows)]));
  }

  write(state: string, values: ArrayLike<number>): void {
    const { number, slot } = this.#state(state);
    viewOf(this.#assignment.memory, slot).set(values);
    this.#worker.carryOut(orders.write, number, 0);
  }

  read(state: string): readonly number[] {
    const { number, slot } = this.#state(state);
    this.#worker.carryOut(orders.read, number, 0);
    return this.#numbers(slot, 1);
  }

  end(): void {
    this.#worker.end();
  }

  #numbers(slot: Slot, rows: number): readonly number[] {
    return [...viewOf(this.#assignment.memory, slot).subarray(0, countOf(slot.shape, rows))];
  }

  #state(name: string): { readonly number: number; readonly slot: Slot } {
    const number = this.#assignment.state.findIndex((slot) => slot.name === name);
    return { number, slot: this.#assignment.state[number]! };
  }
}
