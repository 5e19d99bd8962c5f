/** A run that has been compiled: feeds are written, the program is run, and what was fetched is read, all in place. */
import { seedId, stepId } from '../../../compiler/ir/state-ids.ts';
import type { Program } from '../../../compiler/module.ts';
import { feedName, fetchName } from '../../../compiler/programs/run-graph.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Session as EngineSession, KernelTime, Numbers, Runnable } from '../../engines/engine.ts';
import { elementReader, plainValue } from '../../model/plain-value.ts';
import type { FeedSlot } from './feed-slot.ts';
import { slotFor } from './feed-slot.ts';
import type { Form, Readers } from './form.ts';
import { filledForm, hasForm } from './form.ts';
import type { Held } from './held.ts';

export interface CallableParts {
  readonly form: Form;
  readonly fed: readonly Tensor[];
  /** The shapes of what is fed. */
  readonly shapes: readonly (readonly number[])[];
  readonly program: Program;
  readonly runnable: Runnable;
  readonly session: EngineSession;
  readonly reads: readonly Held[];
  readonly writes: readonly Held[];
}

export class Callable {
  /** Held variables whose values go in. */
  readonly reads: readonly Held[];
  /** Whether it may take long enough to leave the event loop free meanwhile. */
  readonly runsAside: boolean;
  /** When its variables were last made sure to have values. */
  readiness = -1;
  readonly #form: Form;
  readonly #fed: readonly Tensor[];
  readonly #slots: readonly FeedSlot[];
  readonly #readers: Readers;
  readonly #runnable: Runnable;
  readonly #session: EngineSession;
  readonly #writes: readonly Held[];
  readonly #seed: Numbers | undefined;
  readonly #step: Numbers | undefined;
  /** The version of each variable that lies in the engine's state. */
  readonly #versions = new Map<Held, number>();

  constructor({ form, fed, shapes, program, runnable, session, reads, writes }: CallableParts) {
    const { inputs, outputs } = runnable;
    this.reads = reads;
    this.runsAside = runnable.runAside !== undefined;
    this.#form = form;
    this.#fed = fed;
    this.#slots = fed.map((tensor, i) => slotFor(tensor.dtype, shapes[i]!, inputs[feedName(i)]));
    this.#readers = program.outputs.map((_, i) => {
      const { type } = program.outputs.find(({ id }) => id === fetchName(i))!;
      return readerOf(type, outputs[fetchName(i)]!);
    });
    this.#runnable = runnable;
    this.#session = session;
    this.#writes = writes;
    this.#seed = inputs[seedId];
    this.#step = inputs[stepId];
  }

  /** Whether it is for these fetches, and these feeds fit; if so, they are written. */
  accepts(fetches: unknown, feeds: unknown): boolean {
    if (!hasForm(this.#form, fetches)) return false;
    const pairs = Array.isArray(feeds) ? feeds : [...(feeds as Iterable<unknown>)];
    if (pairs.length !== this.#slots.length) return false;
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i] as readonly unknown[];
      if (pair[0] !== this.#fed[i] || !this.#slots[i]!.write(pair[1])) return false;
    }
    return true;
  }

  /** Writes one feed; false where it does not fit. */
  feed(position: number, value: unknown): boolean {
    return this.#slots[position]!.write(value);
  }

  /** Whether it draws random numbers; then these are the seed and the number of the draw. */
  get isRandom(): boolean {
    return this.#step !== undefined || this.#seed !== undefined;
  }

  setDraw(seed: readonly [number, number], draw: number): void {
    this.#seed?.set(seed);
    this.#step?.fill(draw);
  }

  /** Fetches the newest values of its variables, and from then on holds those that it sets. */
  enter(): void {
    for (const held of this.reads) {
      if (this.#versions.get(held) !== held.version) this.#session.write(held.id, held.read());
      this.#versions.set(held, held.version);
    }
  }

  /** Says that the values which the run has set are the newest. */
  leave(): void {
    for (const held of this.#writes) {
      held.liveIn(this.#session);
      this.#versions.set(held, held.version);
    }
  }

  run(): void {
    this.#runnable.run(1);
  }

  runAside(): void | Promise<void> {
    return this.#runnable.runAside ? this.#runnable.runAside(1) : this.#runnable.run(1);
  }

  /** Runs kernel by kernel, where the engine can. */
  profile(name: string): readonly KernelTime[] {
    const kernels = this.#runnable.profile?.(1);
    if (kernels) return kernels;
    const start = performance.now();
    this.run();
    return [{ name, microseconds: (performance.now() - start) * 1000, bytes: 0 }];
  }

  /** What the last run gave, in the form of the fetches. */
  result(): unknown {
    return filledForm(this.#form, this.#readers);
  }

  dispose(): void {
    this.#session.dispose();
  }
}

function readerOf({ shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>, values: Numbers): () => unknown {
  const element = elementReader(dtype);
  const dims = shape as readonly number[];
  if (dims.length === 0) return () => element(values[0]!);
  return () => plainValue(values, dims, element);
}
