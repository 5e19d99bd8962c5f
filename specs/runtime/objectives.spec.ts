/** Several objectives: each trains its own parameters by its own optimizer, held to arithmetic done by hand. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { defineHook, load, setLearningRate, train } from '../../runtime/index.ts';
import * as m from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('objectives', { games: 60, steps: 500, pairs: 30 });

/** Two numbers that pull at each other, so that it shows in which order they move. */
function game(start: readonly [number, number], rates: readonly [number, number], options: object = {}) {
  const number = (name: string, value: number) => m.param([], { name, initializer: m.constant(value) });
  const [a, b] = [number('a', start[0]), number('b', start[1])];
  return m.pipeline({
    data: m
      .rows({ x: m.float }, [{ x: 0.5 }])
      .repeat(8)
      .batch(1),
    model: ({ x }) => ({ gap: m.subtract(m.multiply(a, b), x), a, b }),
    objectives: {
      first: {
        parameters: a,
        loss: ({ gap }) => m.square(gap),
        optimizer: m.sgd({ learningRate: rates[0] }),
        ...(options as { first?: object }).first,
      },
      second: {
        parameters: (name: string) => name === 'b',
        loss: ({ gap, a, b }) => m.add(m.square(m.subtract(b, a)), m.multiply(gap, 0.5)),
        optimizer: m.sgd({ learningRate: rates[1] }),
        ...(options as { second?: object }).second,
      },
    },
    ...(options as { update?: 'inTurn' }),
  });
}

interface Rules {
  readonly inTurn: boolean;
  readonly every: readonly [number, number];
  readonly weight: readonly [number, number];
}

/** The same game in binary64. */
function played(
  [a, b]: readonly [number, number],
  rates: readonly [number, number],
  { inTurn, every, weight }: Rules,
  steps: number,
): [number, number] {
  for (let step = 0; step < steps; step++) {
    const due = (objective: 0 | 1): boolean => step % every[objective] === 0;
    const before = a;
    if (due(0)) a -= rates[0] * weight[0] * 2 * (a * b - 0.5) * b;
    const seen = inTurn ? a : before;
    if (due(1)) b -= rates[1] * weight[1] * (2 * (b - seen) + 0.5 * seen);
  }
  return [a, b];
}

const near = (value: number, wanted: number): boolean =>
  Math.abs(value - wanted) <= 2e-5 * (1 + Math.abs(wanted));

test('together and in turn, every so many steps, weighted: as by hand', async () => {
  const start = fc.double({ min: -1, max: 1, noNaN: true });
  const rate = fc.double({ min: 0.01, max: 0.2, noNaN: true });
  const every = fc.integer({ min: 1, max: 3 });
  const weight = fc.constantFrom(1, 0.5, 2);
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(start, start),
      fc.tuple(rate, rate),
      fc.record({ inTurn: fc.boolean(), every: fc.tuple(every, every), weight: fc.tuple(weight, weight) }),
      async (from, rates, rules) => {
        const pipeline = game(from, rates, {
          first: { every: rules.every[0], weight: rules.weight[0] },
          second: { every: rules.every[1], weight: rules.weight[1] },
          ...(rules.inTurn && { update: 'inTurn' }),
        });
        const { model, steps } = await train(pipeline).finished;
        const [answer] = model.predict([{ x: 0.5 }]);
        const [a, b] = played(from, rates, rules, steps);
        expect([answer!.a, answer!.b].map((value, i) => near(value as number, [a, b][i]!))).toEqual([
          true,
          true,
        ]);
        model.dispose();
        count('games');
        count('steps', steps);
      },
    ),
    { numRuns: runs(80) },
  );
});

/** A small classifier with dropout and a layer with state; what is trained, and how, is the caller's. */
function classifier(given: (made: ReturnType<typeof parts>) => object) {
  const made = parts();
  return {
    ...made,
    pipeline: m.pipeline({ ...made.common, ...given(made) } as never) as ReturnType<typeof made.short>,
  };
}

function parts() {
  const body = m.sequential(m.dense(6, { activation: m.tanh }), m.batchNormalization(), m.dropout(0.25));
  const head = m.dense(3);
  const cases = Array.from({ length: 24 }, (_, i) => ({ x: [Math.sin(i), Math.cos(3 * i)], y: i % 3 }));
  const common = {
    data: m
      .rows({ x: m.vector(2), y: m.int }, cases)
      .shuffle()
      .batch(8),
    model: ({ x }: { readonly x: m.Tensor<readonly ['B', 2]> }) => head(body(x)),
  };
  const loss = (out: m.Tensor, { y }: { readonly y: m.Tensor }): m.Tensor =>
    m.sparseCategoricalCrossentropy(y, out, { fromLogits: true });
  const short = () => m.pipeline({ ...common, loss, optimizer: m.adam() } as never);
  return { body, head, common, loss, short };
}

async function weights(pipeline: m.Pipeline, options: object = {}): Promise<string> {
  const { model } = await train(pipeline, { epochs: 3, seed: 5, ...options }).finished;
  const answers = model.predict([{ x: [0.5, -1] }, { x: [2, 1] }] as never);
  model.dispose();
  return JSON.stringify(answers);
}

describe('objectives', () => {
  test('one over everything is the short form, to the byte', async () => {
    const short = classifier(({ loss }) => ({ loss, optimizer: m.adam({ learningRate: 0.01 }) }));
    const long = classifier(({ loss }) => ({
      objectives: { only: { loss, optimizer: m.adam({ learningRate: 0.01 }) } },
    }));
    expect(await weights(long.pipeline)).toBe(await weights(short.pipeline));
  });

  test('of parts with the same optimizer are one over the whole, to the byte, in any order', async () => {
    const whole = classifier(({ loss }) => ({ loss, optimizer: m.adam({ learningRate: 0.01 }) }));
    const divided = classifier(({ loss, body, head }) => ({
      objectives: {
        head: { parameters: head, loss, optimizer: m.adam({ learningRate: 0.01 }) },
        body: { parameters: [body], loss, optimizer: m.adam({ learningRate: 0.01 }) },
      },
    }));
    expect(await weights(divided.pipeline)).toBe(await weights(whole.pipeline));
  });

  test('are told apart in events, judgements and results', async () => {
    const pipeline = game([0.25, -0.5], [0.1, 0.1], { first: { weight: 0.5 }, update: 'inTurn' });
    const run = train(pipeline, { epochs: 2 });
    const losses: string[] = [];
    run.events$.subscribe((event) => {
      if (event.type !== 'batchFinished' && event.type !== 'epochFinished') return;
      losses.push(Object.keys(event.losses ?? {}).join());
      expect(event.loss).toBeCloseTo(0.5 * event.losses!.first! + event.losses!.second!, 5);
    });
    const { model, losses: last } = await run.finished;
    expect(new Set(losses)).toEqual(new Set(['first,second']));
    expect(Object.keys(last!)).toEqual(['first', 'second']);
    const judged = await model.evaluate();
    expect(judged.loss).toBeCloseTo(0.5 * judged.losses!.first! + judged.losses!.second!, 5);
    model.dispose();
  });

  test('have learning rates of their own', async () => {
    const calm = defineHook({
      name: 'calm',
      initialState: {},
      on: (state, event) => ({
        state,
        commands: event.type === 'batchFinished' && event.step === 2 ? [setLearningRate(0, 'second')] : [],
      }),
    });
    const run = train(game([0.25, -0.5], [0.1, 0.2]), { hooks: [calm] });
    const changes: object[] = [];
    run.events$.subscribe((event) => {
      if (event.type === 'learningRateChanged') changes.push(event);
    });
    const { model } = await run.finished;
    expect(changes).toMatchObject([{ objective: 'second', learningRate: 0 }]);
    const [, b] = played([0.25, -0.5], [0.1, 0.2], { inTurn: false, every: [1, 1], weight: [1, 1] }, 2);
    expect(near(model.predict([{ x: 0.5 }])[0]!.b as number, b)).toBe(true);
    const unknown = defineHook({
      name: 'mistaken',
      initialState: {},
      on: (state) => ({ state, commands: [setLearningRate(0.5, 'third')] }),
    });
    expect(await refused(train(game([0, 0], [0.1, 0.1]), { hooks: [unknown] }).finished)).toMatchObject([
      { code: 'RUN804', expected: 'one of first, second', received: 'third' },
    ]);
  });

  test('count steps of their own: Adam, moved every second step, is Adam', async () => {
    const pipelineOf = (every: number, repeats: number) => {
      const w = m.param([], { name: 'w', initializer: m.constant(2) });
      return m.pipeline({
        data: m
          .rows({ x: m.float }, [{ x: 0.5 }])
          .repeat(repeats)
          .batch(1),
        model: ({ x }) => ({ w, product: m.multiply(w, x) }),
        objectives: { only: { every, loss: ({ product }) => m.square(product), optimizer: m.adam() } },
      });
    };
    const answerOf = async (pipeline: ReturnType<typeof pipelineOf>) =>
      (await train(pipeline).finished).model.predict([{ x: 1 }])[0]!.w;
    for (const repeats of [1, 2, 5]) {
      expect(await answerOf(pipelineOf(2, 2 * repeats))).toBe(await answerOf(pipelineOf(1, repeats)));
      count('pairs', 10);
    }
  });
});

describe('frozen layers', () => {
  test('keep their weights and moving statistics, wherever they are called', async () => {
    const { pipeline, body } = classifier(({ loss }) => ({ loss, optimizer: m.adam({ learningRate: 0.1 }) }));
    const before = compile(pipeline);
    expect(before.module.state.filter(({ role }) => role === 'slot').length).toBe(12);
    m.freeze(body);
    const after = compile(pipeline);
    // Only the last layer's kernel and bias have slots now.
    expect(after.module.state.filter(({ role }) => role === 'slot').map(({ id }) => id)).toEqual([
      '§slot/dense_1.kernel/momentum',
      '§slot/dense_1.kernel/velocity',
      '§slot/dense_1.bias/momentum',
      '§slot/dense_1.bias/velocity',
    ]);
    const updated = after.module.programs.get('step')!.graph.updates.map(({ target }) => target.name);
    expect(updated).not.toContain('dense.kernel');
    expect(updated).not.toContain('batch_normalization.movingMean');
    expect(updated.filter((name) => name?.startsWith('batch'))).toEqual([]);
  });
});

test('a frozen layer standardizes by the statistics that it has, in training as in judging', async () => {
  const normalize = m.batchNormalization();
  const layer = m.dense(1);
  const cases = Array.from({ length: 8 }, (_, i) => ({ x: [3 * Math.sin(i), i], y: [i] }));
  const pipeline = m.pipeline({
    data: m.rows({ x: m.vector(2), y: m.vector(1) }, cases).batch(8),
    model: ({ x }) => layer(normalize(x)),
    loss: (out, { y }) => m.meanSquaredError(y, out),
    optimizer: m.sgd({ learningRate: 0 }),
  });
  const losses = async (): Promise<readonly [number, number]> => {
    const { model, loss } = await train(pipeline, { seed: 3 }).finished;
    const judged = await model.evaluate(pipeline);
    model.dispose();
    return [loss, judged.loss];
  };
  const [trained, judged] = await losses();
  expect(Math.abs(trained - judged)).toBeGreaterThan(0.1);
  m.freeze(normalize);
  const [frozen, again] = await losses();
  expect(frozen).toBe(again);
});

describe('names of the user meet none of ours', () => {
  test.each(['loss', 'rows', 'step', 'seed', 'total', 'run.seed', 'epoch.loss', '__proto__x'])(
    'a metric and a parameter called %s',
    async (name) => {
      const w = m.param([2, 1], { name });
      const pipeline = m.pipeline({
        data: m
          .rows({ x: m.vector(2), y: m.vector(1) }, [{ x: [1, 2], y: [3] }])
          .repeat(20)
          .batch(4),
        model: ({ x }) => m.matmul(x, w),
        loss: (out, { y }) => m.meanSquaredError(y, out),
        metrics: { [name]: (out, { y }) => m.meanAbsoluteError(y, out) },
        optimizer: m.adam({ learningRate: 0.1 }),
      });
      const { model, metrics, loss } = await train(pipeline, { epochs: 20 }).finished;
      expect(loss).toBeLessThan(0.5);
      expect(metrics[name]).toBeCloseTo(Math.sqrt(loss), 1);
      expect(model.predict([{ x: [1, 2] }])[0]![0]).toBeCloseTo(3, 0);
      const folder = await mkdtemp(join(tmpdir(), 'millrace-names-'));
      await model.save(folder);
      expect((await load(folder)).predict([{ x: [1, 2] }])).toEqual(model.predict([{ x: [1, 2] }]));
    },
  );

  test('but the sign that ours begin with', async () => {
    const w = m.param([2, 1], { name: '§step' });
    const pipeline = m.pipeline({
      data: m.rows({ x: m.vector(2), y: m.vector(1) }, []).batch(4),
      model: ({ x }) => m.matmul(x, w),
      loss: (out, { y }) => m.meanSquaredError(y, out),
      optimizer: m.sgd(),
    });
    expect(await refused(() => compile(pipeline))).toMatchObject([{ code: 'PIP104' }]);
  });
});
