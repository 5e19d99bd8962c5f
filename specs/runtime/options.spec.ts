/** What the runtime's functions refuse where TypeScript did not look: each with the option's name, and a way out. */
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { earlyStopping, evaluate, load, progress, train } from '../../runtime/index.ts';
import type { Tensor } from '../../stdlib/index.ts';
import {
  allowNotFinite,
  arrays,
  float,
  log,
  meanSquaredError,
  multiply,
  param,
  pipeline,
  sgd,
} from '../../stdlib/index.ts';

const data = (x: readonly number[]) =>
  arrays(
    { x: allowNotFinite(float), y: allowNotFinite(float), id: float },
    { x, y: x.map((_, i) => 2 * i), id: x.map((_, i) => i + 70) },
  );

const slope = param([]);
const parts = (x: readonly number[]) => ({
  data: data(x).batch(4),
  model: ({ x: input, id }: { x: Tensor; id: Tensor }) => multiply(multiply(slope, input), multiply(id, 0)),
  loss: (answer: Tensor, { y }: { y: Tensor }) => meanSquaredError(y, answer),
  metrics: { error: (answer: Tensor, { y }: { y: Tensor }) => meanSquaredError(y, answer) },
  optimizer: sgd({ learningRate: 0.01 }),
});
const lineOn = (x: readonly number[]) => pipeline(parts(x));
const sound = parts([1, 2, 3]);
const line = pipeline(sound);

/** As JavaScript calls a function: with anything. */
const loosely = <Result>(call: (...args: never[]) => Result, ...args: readonly unknown[]): Result =>
  (call as unknown as (...args: readonly unknown[]) => Result)(...args);

async function refused(call: () => unknown): Promise<Diagnostic> {
  try {
    await call();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('internal: nothing was refused');
}

describe('options', () => {
  test.each<[options: object, message: RegExp, hint: RegExp]>([
    [{ callbacks: [] }, /train has no option callbacks/, /hooks: \[/],
    [{ epoch: 3 }, /train has no option epoch/, /did you mean epochs\?/],
    [{ batch_size: 3 }, /train has no option batch_size/, /rows\.batch\(32\)/],
    [
      { hooks: earlyStopping({ monitor: 'loss' }) },
      /train cannot use this value of hooks/,
      /hooks: \[earlyStopping\(\)\]/,
    ],
    [{ hooks: [earlyStopping] }, /train cannot use this value of hooks/, /hooks: \[earlyStopping\(\)\]/],
    [{ epochs: 1.5 }, /train cannot use this value of epochs/, /^$/],
    [{ epochs: '3' }, /train cannot use this value of epochs/, /^$/],
    [{ seed: -1 }, /train cannot use this value of seed/, /^$/],
    [{ signal: {} }, /train cannot use this value of signal/, /controller\.signal/],
  ])('train(line, %j)', async (options, message, hint) => {
    const diagnostic = await refused(() => loosely(train, line, options));
    expect(diagnostic).toMatchObject({ code: 'RUN801', message: expect.stringMatching(message) });
    expect(diagnostic.hint ?? '').toMatch(hint);
    expect(diagnostic.span.file).toMatch(/options\.spec\.ts$/);
  });

  test('of every other function', async () => {
    const { model } = await train(line).finished;
    const calls: [call: () => unknown, message: RegExp][] = [
      [() => loosely(train, line, 3), /train takes its options as one object/],
      [() => loosely(train, { data: [] }), /train needs a pipeline/],
      [
        () => loosely(earlyStopping, { restore_best_weights: true }),
        /earlyStopping has no option restore_best_weights/,
      ],
      [
        () => loosely(earlyStopping, { monitor: 'loss', mode: 'down' }),
        /earlyStopping cannot use this value of mode/,
      ],
      [() => loosely(progress, { out: 3 }), /progress has no option out/],
      [() => loosely(load, 'nowhere', { engines: 'wasm' }), /load has no option engines/],
      [() => loosely(evaluate, model, data([1]), { sed: 1 }), /evaluate has no option sed/],
      [() => loosely(evaluate, model, [{ x: 1 }]), /a model is evaluated on a dataset/],
      [
        () => loosely(model.predict.bind(model), { x: 1, id: 1 }),
        /a model answers lists and sources of rows/,
      ],
    ];
    for (const [call, message] of calls)
      expect(await refused(call)).toMatchObject({ code: 'RUN801', message: expect.stringMatching(message) });
  });

  test('that are undefined are not given', async () => {
    const options = {
      epochs: undefined,
      hooks: undefined,
      name: undefined,
      signal: undefined,
      threads: undefined,
    };
    expect(await train(line, options).finished).toMatchObject({ epochs: 1 });
    expect(earlyStopping({ monitor: 'loss', patience: undefined, mode: undefined }).name).toBe(
      'earlyStopping',
    );
  });
});

test('what a model refuses has the place of the call', async () => {
  const { model } = await train(line).finished;
  for (const call of [
    () => model.predict([{ x: 'one' as never, id: 1 }]),
    () => evaluate(model, arrays({ x: float, id: float }, { x: [1], id: [1] })),
    () => model.save(new URL(import.meta.url)),
  ]) {
    const { code, span } = await refused(call);
    expect(code).toMatch(/^DAT|^RUN808/);
    expect(span.file).toMatch(/options\.spec\.ts$/);
  }
});

test('early stopping knows what others call validation', async () => {
  const hooks = [earlyStopping({ monitor: 'val_loss' })];
  const judged = pipeline({ ...sound, validation: data([1]).batch(1) });
  expect(await refused(() => train(judged, { hooks }).finished)).toMatchObject({
    code: 'RUN805',
    hint: 'did you mean validation.loss?',
  });
  expect((await refused(() => train(line, { hooks }).finished)).hint).toMatch(/validation: rows\.batch/);
});

test('a loss that is itself an op is told how to name its columns', async () => {
  const habit = { ...sound, loss: meanSquaredError };
  const diagnostic = await refused(() => train(loosely(pipeline as () => typeof line, habit)).finished);
  expect(diagnostic).toMatchObject({
    code: 'PIP103',
    hint: expect.stringContaining('meanSquaredError(y, output)'),
  });
});

describe('a loss that is no number', () => {
  test('is blamed on the value of the data that makes it so', async () => {
    const bad = lineOn([1, 2, 3, 4, 5, Number.NaN, 7]);
    const diagnostic = await refused(() => train(bad).finished);
    expect(diagnostic).toMatchObject({
      code: 'RUN802',
      message: expect.stringMatching(
        /step 2, batch 2 of epoch 1: the column x is NaN in row 2 of the batch$/,
      ),
      received: expect.stringContaining('id = 75'),
    });
  });

  test('has the place of the pipeline where the data are sound', async () => {
    const bad = pipeline({ ...sound, loss: (answer: Tensor) => log(multiply(answer, 0)) });
    const diagnostic = await refused(() => train(bad).finished);
    expect(diagnostic.span.file).toMatch(/options\.spec\.ts$/);
    expect(diagnostic.hint).toBeDefined();
  });
});
