/**
 * A process that trains some steps of a run and leaves the rest to the next: `elsewhere.mjs FOLDER UNTIL THREADS`. It says what all
 * states are, as one line of JSON.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { checkpoint, earlyStopping, train, wasmEngine } from '../../dist/runtime/index.js';
import { newestIn } from '../../dist/runtime/store/checkpoints/newest.js';
import * as m from '../../dist/stdlib/index.js';

const [, , folder, until, threads] = process.argv;
const size = 96;
const schema = { x: m.vector(size), y: m.float };
const rows = m.from(schema, async function* () {
  for (let i = 0; i < 300; i++) {
    if (i % 9 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    yield {
      x: Float32Array.from({ length: size }, (_, j) => Math.fround(((i * 31 + j * 17) % 101) / 101)),
      y: (i % 13) / 13,
    };
  }
});
const net = m.sequential(
  m.dense(128, { activation: m.gelu }),
  m.batchNormalization(),
  m.dropout(0.3),
  m.dense(64, { activation: m.tanh }),
  m.dense(1),
);
const learner = m.pipeline({
  data: rows.shuffle({ buffer: 50 }).batch(32),
  model: ({ x }) => net(x),
  loss: (z, { y }) => m.meanSquaredError(m.expandDims(y, { axis: -1 }), z),
  metrics: { error: (z, { y }) => m.meanAbsoluteError(m.expandDims(y, { axis: -1 }), z) },
  optimizer: m.adam(),
});
const run = train(learner, {
  epochs: 4,
  seed: 3,
  engine: wasmEngine({ threads: Number(threads) }),
  hooks: [earlyStopping({ monitor: 'loss', patience: 9 }), checkpoint(folder, { every: [7, 'steps'] })],
  resume: true,
});
let began;
run.events$.subscribe((event) => {
  began ??= event;
  if (event.type === 'batchFinished' && event.step === Number(until)) run.cancel();
});
const { model, steps } = await run.finished;
model.dispose();
const { tensors } = await newestIn(folder);
const digests = [...tensors].flatMap(([group, each]) =>
  [...each].map(([id, { values }]) => [
    `${group} ${id}`,
    createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'),
  ]),
);
writeSync(1, JSON.stringify({ steps, exact: began.exact, node: process.version, digests }));
