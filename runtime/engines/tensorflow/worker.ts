/** The thread that runs TensorFlow: it waits for orders in shared memory and carries them out. */
import { parentPort, workerData } from 'node:worker_threads';
import { SessionWorker } from './session-worker.ts';
import type { Assignment } from './shared-memory.ts';
import { failureText, orders, word } from './shared-memory.ts';

/** What the thread says once: that it is ready, or why it cannot be. */
export type Greeting = { readonly ready: true } | { readonly ready: false; readonly why: string };

/** Waits for orders and carries them out one at a time, until it is told to end. */
function serve(worker: SessionWorker, memory: SharedArrayBuffer): void {
  const control = new Int32Array(memory, 0, 16);
  for (let turn = 1; ; turn++) {
    while (Atomics.load(control, word.asked) < turn) Atomics.wait(control, word.asked, turn - 1);
    const order = control[word.order]!;
    control[word.failed] = failure(memory, () => {
      if (order === orders.end) worker.end();
      else worker.carryOut(order, control[word.which]!, control[word.rows]!);
    });
    Atomics.store(control, word.answered, turn);
    Atomics.notify(control, word.answered);
    if (order === orders.end) return;
  }
}

/** The length of the failure's text, which is left in the memory; 0 if all went well. */
function failure(memory: SharedArrayBuffer, carryOut: () => void): number {
  try {
    carryOut();
    return 0;
  } catch (error) {
    const text = new TextEncoder().encode(error instanceof Error ? error.message : String(error));
    const kept = text.subarray(0, failureText.bytes);
    new Uint8Array(memory, failureText.offset, kept.length).set(kept);
    return Math.max(1, kept.length);
  }
}

function begin(): void {
  const greet = (greeting: Greeting): void => parentPort?.postMessage(greeting);
  let worker: SessionWorker;
  try {
    // Whoever starts this thread hands it an assignment.
    worker = new SessionWorker(workerData as Assignment);
  } catch (error) {
    greet({ ready: false, why: error instanceof Error ? error.message : String(error) });
    return;
  }
  greet({ ready: true });
  serve(worker, (workerData as Assignment).memory);
}

begin();
