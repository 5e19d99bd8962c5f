/** TensorFlow in a thread of its own, as the main thread sees it: orders are given and waited for. */
import { Worker } from 'node:worker_threads';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG605 } from '../../../compiler/diagnostics/engine.ts';
import { builtFile } from '../../../compiler/ir/home.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Assignment } from './shared-memory.ts';
import { failureText, orders, word } from './shared-memory.ts';
import type { Greeting } from './worker.ts';

/** How long the main thread stands still for an order before it lets the event loop go on, in milliseconds. */
const patience = 2;

/** Of the standard library of ES2024. */
interface AsyncAtomics {
  waitAsync(
    words: Int32Array,
    index: number,
    value: number,
  ): { readonly async: false } | { readonly async: true; readonly value: Promise<unknown> };
}

export class Thread {
  readonly #worker: Worker;
  readonly #memory: SharedArrayBuffer;
  readonly #control: Int32Array;
  #turn = 0;
  #ended = false;

  private constructor(worker: Worker, memory: SharedArrayBuffer) {
    this.#worker = worker;
    this.#memory = memory;
    this.#control = new Int32Array(memory, 0, 16);
  }

  /** Starts the thread; gives it when TensorFlow has loaded the model. */
  static async start(assignment: Assignment): Promise<Thread> {
    const worker = new Worker(builtFile('runtime/engines/tensorflow/worker.js'), { workerData: assignment });
    const greeting = await new Promise<Greeting>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ ready: false, why: error.message }));
      worker.once('exit', (exitCode) =>
        resolve({ ready: false, why: `its thread ended with code ${exitCode}` }),
      );
    });
    if (!greeting.ready) refuseToLoad(greeting.why, assignment.binding);
    // Only while an order is carried out does the thread keep the program alive.
    worker.unref();
    return new Thread(worker, assignment.memory);
  }

  /** Gives an order and stands still until it is carried out. */
  order(order: number, which: number, rows = 0): void {
    const turn = this.#give(order, which, rows);
    while (this.#answered < turn) Atomics.wait(this.#control, word.answered, turn - 1);
    this.#check();
  }

  /** Gives an order; if it takes long, the event loop goes on meanwhile. */
  orderAside(order: number, which: number, rows = 0): void | Promise<void> {
    const turn = this.#give(order, which, rows);
    if (
      Atomics.wait(this.#control, word.answered, turn - 1, patience) === 'timed-out' &&
      this.#answered < turn
    )
      return this.#answer(turn);
    this.#check();
  }

  /** Lets TensorFlow go. */
  end(): void {
    if (this.#ended) return;
    this.order(orders.end, 0);
    this.#ended = true;
    void this.#worker.terminate();
  }

  get #answered(): number {
    return Atomics.load(this.#control, word.answered);
  }

  #give(order: number, which: number, rows: number): number {
    if (this.#ended) throw new Error('internal: the session was disposed of');
    const control = this.#control;
    if (this.#answered < this.#turn) throw new Error('internal: a session has two callers at once');
    control[word.order] = order;
    control[word.which] = which;
    control[word.rows] = rows;
    this.#turn++;
    Atomics.store(control, word.asked, this.#turn);
    Atomics.notify(control, word.asked);
    return this.#turn;
  }

  async #answer(turn: number): Promise<void> {
    this.#worker.ref();
    try {
      while (this.#answered < turn) {
        const waiting = (Atomics as unknown as AsyncAtomics).waitAsync(
          this.#control,
          word.answered,
          turn - 1,
        );
        if (waiting.async) await waiting.value;
      }
    } finally {
      this.#worker.unref();
    }
    this.#check();
  }

  #check(): void {
    const length = this.#control[word.failed]!;
    if (length === 0) return;
    const text = new TextDecoder().decode(new Uint8Array(this.#memory, failureText.offset, length).slice());
    refuse(
      ENG605({
        message: `TensorFlow has refused: ${firstLine(text)}`,
        span: nowhere,
        expected: 'a program that TensorFlow runs',
        received: text,
        hint: 'the same program runs on the engine wasm; if it does, please report this',
      }),
    );
  }
}

function refuseToLoad(why: string, binding: string): never {
  return refuse(
    ENG605({
      message: `TensorFlow cannot be loaded: ${firstLine(why)}`,
      span: nowhere,
      expected: 'a native module for this Node and this system',
      received: binding,
      hint: 'run: npx millrace setup tensorflow, and see millrace doctor',
    }),
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
