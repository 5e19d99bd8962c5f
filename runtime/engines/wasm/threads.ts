/** The threads of a session: workers on the session's memory, woken for each run and asleep in between. */
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { barrierBytes, barrierWords } from '../../../compiler/6-emit/wasm/index.ts';
import { home } from '../../../compiler/ir/home.ts';
import type { Memory } from './webassembly.ts';

/**
 * Words behind the barrier's, in bytes: the order that is given to the other threads, and apart from it to the stand-in;
 * what it says; how many workers are there, and how many of them sleep.
 */
const orderWords = {
  order: 0,
  program: 4,
  rows: 8,
  threads: 12,
  ready: 64,
  asleep: 128,
  standInOrder: 192,
  standInAsleep: 256,
} as const;

/** Bytes of zeros that threads need to come to terms. */
export const controlBytes = barrierBytes + 320;

type Places<Words> = Readonly<Record<keyof Words, number>>;

/** What a worker is told when it starts: the memory, where its words lie (as indices of words), and who it is. */
export interface WorkerStart {
  readonly memory: Memory;
  /** Where the barrier's words lie, in bytes. */
  readonly control: number;
  /** Number 0 is the stand-in of the caller's own thread; it says so when an order has been carried out. */
  readonly thread: number;
  readonly port: MessagePort;
  readonly at: Places<typeof orderWords>;
  readonly barrier: Places<typeof barrierWords>;
}

/** What a worker is sent: a compiled module, and how it will be called. */
export interface Program {
  readonly number: number;
  readonly module: object;
  readonly origin: number;
}

/** A program on all threads. */
export interface Divided {
  readonly run: (rows: number) => void;
  /** Of a long one: with a stand-in in the place of the caller's thread, which is free meanwhile. */
  readonly runAside?: (rows: number) => void | Promise<void>;
}

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The order to end. */
const end = -1;

export class Threads {
  /** Where the barrier's words lie, in bytes. */
  readonly control: number;
  readonly #memory: Memory;
  readonly #count: number;
  readonly #words: Int32Array;
  readonly #at: Places<typeof orderWords>;
  readonly #barrier: Places<typeof barrierWords>;
  readonly #programs: Program[] = [];
  readonly #ports: MessagePort[] = [];
  #standIn: MessagePort | undefined;
  #pending: Pending | undefined;
  #isOver = false;

  /** `count` with the caller's own thread; at `control`, `controlBytes` bytes of zeros. */
  constructor(memory: Memory, control: number, count: number) {
    this.#memory = memory;
    this.control = control;
    this.#count = count;
    this.#words = new Int32Array(memory.buffer);
    this.#at = places(orderWords, control + barrierBytes);
    this.#barrier = places(barrierWords, control);
  }

  /**
   * The program of a module, run by all threads; `run` is this thread's own, of the same module. The workers start with
   * the first program, the stand-in with the first long one.
   */
  add(module: object, origin: number, run: (rows: number, threads: number) => void, isLong = false): Divided {
    const program = { number: this.#programs.length, module, origin };
    this.#programs.push(program);
    for (const port of this.#ports) port.postMessage(program);
    if (!this.#isOver) this.#startFor(isLong);
    const here = (rows: number): void => {
      try {
        run(rows, this.isReady() ? this.#begin(program.number, rows) : 1);
      } catch (error) {
        this.end();
        throw error;
      }
    };
    if (!isLong) return { run: here };
    const aside = (rows: number): void | Promise<void> =>
      this.isReady() ? this.#beginAside(program.number, rows) : here(rows);
    return { run: here, runAside: aside };
  }

  /** Whether all threads are there; until then, and when one of them has failed, this one does all the work. */
  isReady(): boolean {
    return !this.#isOver && Atomics.load(this.#words, this.#at.ready) === this.#ports.length;
  }

  /** Lets the others go, whatever they wait for: this thread has failed, or has no more work for them. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const words = this.#words;
    Atomics.store(words, this.#barrier.failed, 1);
    Atomics.add(words, this.#barrier.generation, 1);
    Atomics.notify(words, this.#barrier.generation);
    Atomics.store(words, this.#at.program, end);
    this.#callOthers();
    this.#callStandIn();
    this.#settle(new Error('internal: the threads were let go while they worked'));
  }

  /** Sets the others to work; gives how many threads take part. */
  #begin(program: number, rows: number): number {
    Atomics.store(this.#words, this.#at.program, program);
    Atomics.store(this.#words, this.#at.rows, rows);
    Atomics.store(this.#words, this.#at.threads, this.#count);
    this.#callOthers();
    return this.#count;
  }

  #beginAside(program: number, rows: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      // As long as it works, the process has something to wait for.
      this.#standIn!.ref();
      this.#begin(program, rows);
      this.#callStandIn();
    });
  }

  #settle(error?: Error): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#standIn?.unref();
    if (error) pending?.reject(error);
    else pending?.resolve();
  }

  #callOthers(): void {
    Atomics.add(this.#words, this.#at.order, 1);
    if (Atomics.load(this.#words, this.#at.asleep) > 0) Atomics.notify(this.#words, this.#at.order);
  }

  #callStandIn(): void {
    Atomics.add(this.#words, this.#at.standInOrder, 1);
    Atomics.notify(this.#words, this.#at.standInOrder);
  }

  #startFor(isLong: boolean): void {
    if (this.#programs.length === 1)
      for (let thread = 1; thread < this.#count; thread++) this.#startWorker(thread, this.#at);
    if (!isLong || this.#standIn) return;
    const { standInOrder: order, standInAsleep: asleep } = this.#at;
    this.#standIn = this.#startWorker(0, { ...this.#at, order, asleep });
    this.#standIn.on('message', () => this.#settle());
    this.#standIn.unref();
  }

  #startWorker(thread: number, at: Places<typeof orderWords>): MessagePort {
    const { port1, port2 } = new MessageChannel();
    for (const program of this.#programs) port1.postMessage(program);
    const start: WorkerStart = {
      memory: this.#memory,
      control: this.control,
      thread,
      port: port2,
      at,
      barrier: this.#barrier,
    };
    const worker = new Worker(new URL('runtime/engines/wasm/worker.mjs', home), {
      workerData: start,
      transferList: [port2],
      // Neither hooks nor checks of the host's command line are for it.
      execArgv: [],
      env: SHARE_ENV,
      name: `millrace ${thread}`,
    });
    // A thread that cannot start, or that fails, is done without: those that are left know from their common memory.
    worker.on('error', (error: Error) => {
      this.#settle(error);
      this.end();
    });
    worker.unref();
    port1.unref();
    this.#ports.push(port1);
    return port1;
  }
}

/** As indices into a list of words. */
function places<Words extends Readonly<Record<string, number>>>(words: Words, start: number): Places<Words> {
  const entries = Object.entries(words).map(([name, offset]) => [name, (start + offset) / 4]);
  return Object.fromEntries(entries) as Places<Words>;
}
