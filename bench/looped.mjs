/** A step in a loop that fills a sample. */
import { sampleMilliseconds } from './effort.mjs';

/** The losses of the first steps tell whether contestants compute the same. */
const firstSteps = 3;

/** `step` does what is timed and gives a number, or a promise of one. */
export async function looped(step, milliseconds = sampleMilliseconds()) {
  const first = step();
  const timed = first instanceof Promise ? timedLater : timedNow;
  const losses = [await first];
  while (losses.length < firstSteps) losses.push(await step());
  // Until the host's optimising compiler has seen it, and it fills the sample.
  let count = 1;
  for (;;) {
    await turn();
    const { microseconds } = await timed(step, count);
    const filled = (microseconds * count) / 1000;
    if (filled >= milliseconds / 2) break;
    count = Math.ceil(count * Math.min(10, milliseconds / Math.max(filled, 0.01)));
  }
  const sample = async () => {
    await turn();
    return timed(step, count);
  };
  return { losses, sample };
}

/** Threads come up, and the host's optimising compiler takes over, when the event loop has its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function timedNow(step, count) {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += step();
  return { microseconds: ((performance.now() - start) * 1000) / count, result: sum };
}

async function timedLater(step, count) {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += await step();
  return { microseconds: ((performance.now() - start) * 1000) / count, result: sum };
}
