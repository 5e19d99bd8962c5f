/** The loop of a peer in its own process: for each line on standard input, some steps, timed. */
import { createInterface } from 'node:readline';

/** Steps that fill a sample: enough for the clock, few enough to take turns with the others. */
const wantedMilliseconds = 300;

async function timed(step, count) {
  const start = performance.now();
  let loss = Number.NaN;
  for (let i = 0; i < count; i++) loss = await step();
  return { microseconds: ((performance.now() - start) * 1000) / count, loss };
}

/** `step` trains on the batch once and gives the loss, or a promise of it. */
export async function serve(step) {
  await timed(step, 5);
  const { microseconds } = await timed(step, 5);
  const count = Math.max(3, Math.round((wantedMilliseconds * 1000) / microseconds));
  await timed(step, count);
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') break;
    console.log(JSON.stringify(await timed(step, count)));
  }
  process.exit();
}
