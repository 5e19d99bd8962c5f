/** Whole pipelines on TensorFlow, in its thread: the same losses, events and models as on wasm. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { cnn } from '../../examples/cnn.ts';
import { gpt } from '../../examples/gpt.ts';
import { iris } from '../../examples/iris.ts';
import { line } from '../../examples/linear-regression.ts';
import { mnist } from '../../examples/mnist.ts';
import { vit } from '../../examples/vit.ts';
import { close } from '../../laws/close.ts';
import { tensorflow, tensorflowEngine } from '../../runtime/engines/tensorflow/index.ts';
import type { RunEvent, TrainOptions } from '../../runtime/index.ts';
import { load, train } from '../../runtime/index.ts';
import type { Optimizer } from '../../stdlib/index.ts';
import * as vocabulary from '../../stdlib/index.ts';
import {
  arrays,
  dense,
  dropout,
  meanSquaredError,
  pipeline,
  relu,
  sequential,
  vector,
} from '../../stdlib/index.ts';
import { build } from '../cli/millrace.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import { tensorflowHere } from './in-process.ts';

const found = tensorflowHere('pipelines on TensorFlow');

/** Every optimizer there is, as it is when nothing is said, and some as they are when something is. */
const optimizers: readonly (readonly [string, Optimizer])[] = [
  ...Object.entries(vocabulary).flatMap(([name, value]): [string, Optimizer][] =>
    typeof value === 'function' && 'kind' in value && isOptimizer(value) ? [[name, value()]] : [],
  ),
  ['sgd with momentum', vocabulary.sgd({ momentum: 0.9, nesterov: true })],
  ['adam with amsgrad', vocabulary.adam({ amsgrad: true, learningRate: 0.05 })],
];

function isOptimizer(make: unknown): make is () => Optimizer {
  try {
    const made = (make as () => unknown)();
    return typeof made === 'object' && made !== null && 'optimizer' in made;
  } catch {
    return false;
  }
}

const points = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 5) / 5]);
const rows = arrays(
  { x: vector(3), y: vector(1) },
  { x: points, y: points.map(([a, b, c]) => [a! * b! + c!]) },
);

/** Starts a run of one pipeline. */
type Trainer = (options: TrainOptions) => {
  readonly events$: { subscribe(hear: (event: RunEvent) => void): unknown };
  readonly finished: Promise<{ readonly model: { dispose(): void } }>;
};

function regression(optimizer: Optimizer): Trainer {
  const layers = sequential(dense(6, { activation: relu }), dropout(0.25), dense(1));
  const fit = pipeline({
    data: rows.batch(10),
    model: ({ x }) => layers(x),
    loss: (predicted, { y }) => meanSquaredError(y, predicted),
    optimizer,
  });
  return (options) => train(fit, options);
}

/** What a run tells, without what differs between any two runs. */
async function told(start: Trainer, engine: 'wasm' | 'tensorflow', steps: number): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const run = start({ engine, steps, seed: 5, epochs: 99 });
  run.events$.subscribe((event) => events.push({ ...event, time: 0 }));
  const { model } = await run.finished;
  model.dispose();
  return events;
}

function lossesOf(events: readonly RunEvent[]): number[] {
  return events.flatMap((event) =>
    event.type === 'batchFinished' ? [event.loss, ...Object.values(event.metrics)] : [],
  );
}

if (found) {
  const count = tally('pipelines on TensorFlow', { runs: 6, losses: 60 });
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tensorflow-spec-'));
  beforeAll(build);
  afterAll(() => rmSync(folder, { recursive: true }));

  async function expectSame(start: Trainer, steps: number, tolerance: number): Promise<void> {
    const [wasm, other] = [await told(start, 'wasm', steps), await told(start, 'tensorflow', steps)];
    expect(other.map(({ type }) => type)).toEqual(wasm.map(({ type }) => type));
    const [wanted, got] = [lossesOf(wasm), lossesOf(other)];
    expect(got).toHaveLength(wanted.length);
    got.forEach((loss, i) => {
      expect(close(loss, wanted[i]!, tolerance, tolerance), `${i}: ${loss} for ${wanted[i]}`).toBe(true);
      count('losses');
    });
    count('runs');
  }

  test.each(optimizers)('%s takes the same steps', async (_, optimizer) => {
    await expectSame(regression(optimizer), 8, 1e-4);
  });

  test.each([
    ['linear-regression', (options: TrainOptions) => train(line, options), 12],
    ['iris', (options: TrainOptions) => train(iris, options), 12],
    ['mnist', (options: TrainOptions) => train(mnist, options), 4],
    ['cnn', (options: TrainOptions) => train(cnn, options), 2],
    ['gpt', (options: TrainOptions) => train(gpt, options), 1],
    ['vit', (options: TrainOptions) => train(vit, options), 1],
  ] as const)('the example %s', async (_, example, steps) => {
    await expectSame(example, steps, 1e-3);
  });

  test('models go from one engine to the other and back', async () => {
    const trained = await train(iris, { engine: 'tensorflow', epochs: 3, seed: 2 }).finished;
    await trained.model.save(join(folder, 'there'));
    const row = { sepalLength: 5.1, sepalWidth: 3.5, petalLength: 1.4, petalWidth: 0.2 };
    const there = trained.model.predict([row])[0] as readonly number[];
    trained.model.dispose();
    const here = await load(join(folder, 'there'));
    await here.save(join(folder, 'back'));
    const back = await load(join(folder, 'back'), { engine: 'tensorflow' });
    for (const model of [here, back]) {
      const answer = model.predict([row])[0] as readonly number[];
      answer.forEach((number, i) => {
        expect(close(number, there[i]!, 1e-5, 1e-5)).toBe(true);
      });
      model.dispose();
    }
  });

  test('the event loop goes on while TensorFlow computes', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const { model } = await train(cnn, { engine: 'tensorflow', steps: 4 }).finished;
    clearInterval(timer);
    model.dispose();
    expect(ticks).toBeGreaterThan(10);
  });

  test('batches of any size, on the CPU alone if asked', async () => {
    const session = await tensorflowEngine({ device: 'cpu' }).load(compile(iris).module);
    session.write('§seed', [1, 0]);
    session.program('init').run(1);
    const program = session.program('predict');
    for (const rows of [1, program.capacity, 2]) {
      program.run(rows);
      await program.runAside?.(rows);
    }
    expect(session.read('dense.kernel')).toHaveLength(40);
    const [refusal] = await refused(() => program.run(program.capacity + 1));
    expect(refusal?.code).toBe('ENG603');
    session.dispose();
    session.dispose();
    expect(() => program.run(1)).toThrow('disposed');
  });

  test('a failure in TensorFlow is told in its words', async () => {
    const { module } = compile(iris);
    const senseless = {
      id: 'senseless',
      label: 'senseless',
      dtype: 'float32',
      shape: [-2, -2],
      role: 'state',
    } as const;
    const broken = { ...module, state: [...module.state, senseless] };
    await expect(tensorflow.load(broken)).rejects.toThrow('ENG605');
  });
} else test('TensorFlow is not set up here', () => {});
