/**
 * A thread of the wasm engine: waits in shared memory for orders and does its share of the programs that it is sent.
 * Plain JavaScript, as Node starts this file by itself, from the sources and from the package alike.
 */
// @ts-check
import { receiveMessageOnPort, workerData } from 'node:worker_threads';

/** @type {import('./threads.ts').WorkerStart} */
const { memory, control, thread, port, at, barrier } = workerData;
const words = new Int32Array(memory.buffer);
/** How often to look for an order before going to sleep: about as long as it takes to be woken. */
const looks = 20_000;
/** @type {((rows: number, threads: number) => void)[]} */
const programs = [];

/** @param {number} seen the order that was carried out last */
function waitForOrder(seen) {
  for (let look = 0; look < looks; look++) if (Atomics.load(words, at.order) !== seen) return;
  Atomics.add(words, at.asleep, 1);
  while (Atomics.load(words, at.order) === seen) Atomics.wait(words, at.order, seen);
  Atomics.sub(words, at.asleep, 1);
}

/** The programs that have been sent so far are there before the first order that names them. */
function receive() {
  for (let sent = receiveMessageOnPort(port); sent; sent = receiveMessageOnPort(port)) {
    /** @type {import('./threads.ts').Program} */
    const { number, module, origin } = sent.message;
    const { Instance } = /** @type {any} */ (globalThis).WebAssembly;
    programs[number] = new Instance(module, { env: { memory, origin, thread, control } }).exports.run;
  }
}

try {
  Atomics.add(words, at.ready, 1);
  for (let seen = 0; ; ) {
    waitForOrder(seen);
    seen = Atomics.load(words, at.order);
    const number = Atomics.load(words, at.program);
    if (number < 0) break;
    if (!programs[number]) receive();
    programs[number]?.(Atomics.load(words, at.rows), Atomics.load(words, at.threads));
    if (thread === 0) port.postMessage(number);
  }
} catch (error) {
  // Whoever waits at the barrier would wait for ever.
  Atomics.store(words, barrier.failed, 1);
  Atomics.add(words, barrier.generation, 1);
  Atomics.notify(words, barrier.generation);
  throw error;
}
