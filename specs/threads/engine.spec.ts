/** The wasm engine on several threads: the same bytes as on one, in any program, from the first step on. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { train, wasmEngine } from '../../runtime/index.ts';
import * as m from '../../stdlib/index.ts';
import { build } from '../cli/millrace.ts';
import { Chooser } from '../emit/chooser.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('sessions on threads', { runs: 100, numbers: 100_000 });

const words = m.embedding(50, 24);
const head = m.sequential(m.dense(96, { activation: m.gelu }), m.dropout(0.2), m.dense(10));
const example = m.pipeline({
  data: m
    .rows({ word: m.int, x: m.vector(80), y: m.int }, [{ word: 0, x: new Float32Array(80), y: 0 }])
    .batch(48),
  model: ({ word, x }) => head(m.concat([words(word), x])),
  loss: (logits, { y }) => m.sparseCategoricalCrossentropy(y, logits, { fromLogits: true }),
  metrics: { accuracy: (logits, { y }) => m.sparseCategoricalAccuracy(y, logits) },
  optimizer: m.adam({ learningRate: 0.01 }),
});
const { module } = compile(example);

/** All that comes out of some runs, as text: batches of any size, one program after another. */
async function story(threads: number): Promise<string[]> {
  const session = await wasmEngine({ threads }).load(module);
  const choose = new Chooser(42);
  session.write('§seed', [3, 4]);
  session.program('init').run(1);
  const told: string[] = [];
  for (let turn = 0; turn < 30; turn++) {
    const program = session.program(choose.one(['step', 'step', 'evaluate', 'predict']));
    for (const [column, values] of Object.entries(program.inputs))
      for (let i = 0; i < values.length; i++)
        values[i] = column === 'x' ? choose.real() : choose.whole(0, column === 'y' ? 9 : 49);
    const rows = choose.chance(2) ? program.capacity : choose.whole(0, program.capacity);
    program.run(rows);
    for (const values of Object.values(program.outputs)) told.push(values.slice(0, rows).join());
    count('runs');
    // The first runs come before the other threads are there.
    if (turn % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const { id: name } of module.state) {
    const values = session.read(name);
    count('numbers', values.length);
    told.push(`${name} ${values.join()}`);
  }
  session.dispose();
  return told;
}

test('0, 1, 2 and 4 threads', async () => {
  const alone = await story(1);
  for (const threads of [0, 2, 4]) expect(await story(threads)).toEqual(alone);
});

test('two sessions at once, on threads of their own', async () => {
  const [one, other] = await Promise.all([story(2), story(3)]);
  expect(one).toEqual(other);
});

test('a long step leaves this thread to others meanwhile', async () => {
  const rows = 1024;
  const wide = m.sequential(m.dense(1200, { activation: m.relu }), m.dense(1));
  const long = compile(
    m.pipeline({
      data: m.rows({ x: m.vector(600), y: m.vector(1) }, [{ x: new Float32Array(600), y: [0] }]).batch(rows),
      model: ({ x }) => wide(x),
      loss: (predicted, { y }) => m.meanSquaredError(y, predicted),
      optimizer: m.sgd({ learningRate: 0.001 }),
    }),
  );
  const [first, second] = [
    await wasmEngine({ threads: 2 }).load(long.module),
    await wasmEngine().load(long.module),
  ];
  for (const session of [first, second]) {
    session.write('§seed', [5, 6]);
    session.program('init').run(1);
    const { x } = session.program('step').inputs;
    for (let i = 0; i < x!.length; i++) x![i] = Math.cos(i);
  }
  // Until the other threads are there, this one works.
  for (let running: unknown; !running; await running) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    running = first.program('predict').runAside!(0);
  }
  for (let step = 0; step < 3; step++) {
    let isServed = false;
    setImmediate(() => {
      isServed = true;
    });
    await first.program('step').runAside!(rows);
    expect(isServed).toBe(true);
    second.program('step').run(rows);
  }
  for (const { id } of long.module.state) expect(first.read(id), id).toEqual(second.read(id));
  for (const session of [first, second]) session.dispose();
});

test.each([-1, 1.5, Number.NaN, 1000, 'many' as 'auto'])('%s threads are refused', async (threads) => {
  for (const attempt of [() => wasmEngine({ threads }), () => train(example, { threads })]) {
    const [diagnostic] = await refused(attempt);
    expect(diagnostic).toMatchObject({ code: 'RUN801', message: expect.stringContaining('threads') });
  }
});

test('threads are for the wasm engine', async () => {
  const [diagnostic] = await refused(() => train(example, { threads: 2, engine: 'reference' }));
  expect(diagnostic).toMatchObject({ code: 'RUN801', received: '"reference"' });
});

beforeAll(build);

test('a process ends by itself, whatever its threads wait for', () => {
  const dist = (path: string): string => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url).href);
  const script = `
    import { adam, arrays, dense, meanSquaredError, pipeline, sequential, vector } from ${dist('stdlib/index.js')};
    import { train } from ${dist('runtime/index.js')};
    const model = sequential(dense(200), dense(1));
    const x = new Float32Array(64 * 100).fill(0.5);
    const example = pipeline({
      data: arrays({ x: vector(100), y: vector(1) }, { x, y: new Float32Array(64) }).repeat().batch(64),
      model: ({ x }) => model(x),
      loss: (predicted, { y }) => meanSquaredError(y, predicted),
      optimizer: adam(),
    });
    const options = { steps: 50, threads: 3 };
    const { steps } = await train(example, options).finished;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await train(example, options).finished;
    console.log('trained', steps);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 60_000,
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'trained 50\n', stderr: '' });
});
