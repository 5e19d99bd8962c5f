/** A process that goes on with a run for a few steps: `durable-probe.mjs FOLDER`. It says when the first one is done. */
import { writeSync } from 'node:fs';
import { checkpoint, train } from 'millrace/runtime';
import { wide } from './durable-model.mjs';

const { pipeline } = await wide(10e6);
const run = train(pipeline, { steps: 1e9, hooks: [checkpoint(process.argv[2])], resume: true });
let steps = 0;
run.events$.subscribe((event) => {
  if (event.type !== 'batchFinished') return;
  if (steps++ === 0) writeSync(1, 'first\n');
  if (steps === 3) run.cancel();
});
await run.finished;
