/** The threads of a session: workers on the session's memory, woken for each run and asleep in between. */
import type { MessagePort } from 'node:worker_threads';
import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads';
import { meetingBytes, meetingWords } from '../../../compiler/6-emit/wasm/index.ts';
import type { Memory } from './webassembly.ts';

/** Words behind the barrier's, in bytes: the order, what it says, and who is there to hear it. */
const orderWords = { order: 0, program: 4, rows: 8, threads: 12, ready: 64, asleep: 128 } as const;

/** Bytes of zeros that threads need to come to terms. */
export const controlBytes = meetingBytes + 192;

type Places<Words> = Readonly<Record<keyof Words, number>>;

/** What a worker is told when it starts: the memory, where its words lie (as indices of words), and who it is. */
export interface Hired {
  readonly memory: Memory;
  /** Where the barrier's words lie, in bytes. */
  readonly control: number;
  readonly thread: number;
  readonly port: MessagePort;
  readonly at: Places<typeof orderWords>;
  readonly meeting: Places<typeof meetingWords>;
}

/** What a worker is sent: a compiled module, and how it will be called. */
export interface Program {
  readonly number: number;
  readonly module: object;
  readonly origin: number;
}

/** The order to go home. */
const quit = -1;

export class Threads {
  readonly #memory: Memory;
  /** Where the barrier's words lie, in bytes. */
  readonly control: number;
  readonly #count: number;
  readonly #words: Int32Array;
  readonly #at: Places<typeof orderWords>;
  readonly #meeting: Places<typeof meetingWords>;
  readonly #programs: Program[] = [];
  #ports: MessagePort[] | undefined;
  #isOver = false;

  /** `count` with the caller's own thread; at `control`, `controlBytes` bytes of zeros. */
  constructor(memory: Memory, control: number, count: number) {
    this.#memory = memory;
    this.control = control;
    this.#count = count;
    this.#words = new Int32Array(memory.buffer);
    this.#at = places(orderWords, control + meetingBytes);
    this.#meeting = places(meetingWords, control);
  }

  /** The program of a module, run by all threads; `run` is this thread's own, of the same module. */
  add(module: object, origin: number, run: (rows: number, threads: number) => void): (rows: number) => void {
    const program = { number: this.#programs.length, module, origin };
    this.#programs.push(program);
    if (this.#ports) for (const port of this.#ports) port.postMessage(program);
    else if (!this.#isOver) this.#start();
    return (rows) => {
      try {
        run(rows, this.isReady() ? this.#begin(program.number, rows) : 1);
      } catch (error) {
        this.end();
        throw error;
      }
    };
  }

  /** Whether all threads are there; until then, and when one of them has failed, this one does all the work. */
  isReady(): boolean {
    return !this.#isOver && Atomics.load(this.#words, this.#at.ready) === this.#count - 1;
  }

  /** Sets the others to work; gives how many threads take part. */
  #begin(program: number, rows: number): number {
    Atomics.store(this.#words, this.#at.rows, rows);
    Atomics.store(this.#words, this.#at.threads, this.#count);
    this.#order(program);
    return this.#count;
  }

  /** Lets the others go, whatever they wait for: this thread has failed, or has no more work for them. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const words = this.#words;
    Atomics.store(words, this.#meeting.failed, 1);
    Atomics.add(words, this.#meeting.generation, 1);
    Atomics.notify(words, this.#meeting.generation);
    this.#order(quit);
  }

  #order(program: number): void {
    const words = this.#words;
    Atomics.store(words, this.#at.program, program);
    Atomics.add(words, this.#at.order, 1);
    if (Atomics.load(words, this.#at.asleep) > 0) Atomics.notify(words, this.#at.order);
  }

  #start(): void {
    this.#ports = Array.from({ length: this.#count - 1 }, (_, i) => this.#hire(i + 1));
  }

  #hire(thread: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    for (const program of this.#programs) port1.postMessage(program);
    const hired: Hired = {
      memory: this.#memory,
      control: this.control,
      thread,
      port: port2,
      at: this.#at,
      meeting: this.#meeting,
    };
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData: hired,
      transferList: [port2],
      // Neither hooks nor checks of the host's command line are for it.
      execArgv: [],
      env: SHARE_ENV,
      name: `millrace ${thread}`,
    });
    // A thread that cannot start, or that fails, is done without: those that are left know from their common memory.
    worker.on('error', () => this.end());
    worker.unref();
    port1.unref();
    return port1;
  }
}

/** As indices into a list of words. */
function places<Words extends Readonly<Record<string, number>>>(words: Words, start: number): Places<Words> {
  const entries = Object.entries(words).map(([name, offset]) => [name, (start + offset) / 4]);
  return Object.fromEntries(entries) as Places<Words>;
}
