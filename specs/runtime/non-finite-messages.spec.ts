/** What people are told of a value that stopped being finite: message, expected, received, hint and place. */
import { expect, test } from 'vitest';
import type { AnyPipeline } from '../../compiler/1-read/reader/trace.ts';
import { compile } from '../../compiler/compile.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import { nonFiniteDiagnostic } from '../../runtime/run/non-finite/diagnostic.ts';
import { findFailure, hasFiniteLoss } from '../../runtime/run/non-finite/find-failure.ts';
import { RecentSteps } from '../../runtime/run/non-finite/recent-steps.ts';
import {
  adam,
  add,
  arrays,
  dense,
  float,
  mean,
  meanSquaredError,
  multiply,
  pipeline,
  sgd,
  sum,
  vector,
} from '../../stdlib/index.ts';
import * as faulty from './faulty-models.ts';

type Columns = Readonly<Record<string, readonly number[]>>;

const fourRows: Columns = {
  x: [1, 2, 3, 4, 2, 1, 1, 0.5, 0, -1, 1000, 1, 0.5, 1, 2, 2],
  y: [1, 0, 1, 0],
};

/** Trains on the same batch until the loss is not finite, and tells of it as a run would. */
async function told(given: unknown, columns: Columns, rows: number): Promise<Diagnostic> {
  // Pipelines of any schema.
  const compiled = compile(given as AnyPipeline);
  const session = await wasm.load(compiled.module);
  const { init, step: training, state } = compiled.contract;
  session.write(state.seed, [3, 0]);
  session.program(init.program).run(1);
  const recent = new RecentSteps(session, compiled);
  const program = session.program(training.program);
  for (let step = 1; step <= 20; step++) {
    for (const [name, values] of Object.entries(columns)) program.inputs[name]?.set(values);
    recent.before(rows);
    program.run(rows);
    if (hasFiniteLoss(program, compiled)) continue;
    const loss = program.outputs[training.batch.loss]?.[0] ?? Number.NaN;
    const failure = findFailure(recent);
    if (!failure) return expect.fail('nothing was found');
    const { found, stepsAgo } = failure;
    return nonFiniteDiagnostic(found, { step: step - stepsAgo, epoch: 1, batch: step - stepsAgo, loss });
  }
  return expect.fail('the loss stayed finite');
}

const facts = ({ code, message, expected, received, hint }: Diagnostic): readonly unknown[] => [
  code,
  message,
  expected,
  received,
  hint,
];

test('a pole', async () => {
  const diagnostic = await told(faulty.direct, fourRows, 4);
  expect(facts(diagnostic)).toEqual([
    'RUN802',
    'the loss became NaN at step 1, batch 1 of epoch 1: log(x) received 0 in row 3 of the batch',
    'x other than 0',
    'x = 0',
    'keep what log receives away from 0: add a small number such as 1e-7, or clip it',
  ]);
  expect(diagnostic.span.file).toMatch(/faulty-models\.ts$/);
});

test('a number below where the op is defined', async () => {
  expect(facts(await told(faulty.helper, fourRows, 4)).slice(1)).toEqual([
    'the loss became NaN at step 1, batch 1 of epoch 1: sqrt(x) received -1 in row 3 of the batch',
    'x of 0 or more',
    'x = -1',
    'keep what sqrt receives at 0 or above: clip it, or take its absolute value',
  ]);
});

test('an overflow inside a layer', async () => {
  expect(facts(await told(faulty.layer, fourRows, 4)).slice(1)).toEqual([
    'the loss became Infinity at step 1, batch 1 of epoch 1: exp(x) in powers received 1000 in row 3 of the batch',
    'a result that float32 can hold, up to 3.4e38',
    'x = 1000',
    'keep what exp receives smaller: scale the inputs, or clip it',
  ]);
});

test('a slope, which shows in a parameter before it shows in a loss', async () => {
  expect(facts(await told(faulty.slope, fourRows, 4)).slice(1)).toEqual([
    'the parameter param became NaN at step 1, batch 1 of epoch 1: divide(a, b) in the gradient of sqrt received 250.25 and 0 in row 3 of the batch',
    'a point at which the slope of sqrt is finite',
    'a = 250.25, b = 0',
    'keep what sqrt receives away from there: add a small number such as 1e-7, or clip it',
  ]);
});

test('a mask that leaves nothing to see', async () => {
  const diagnostic = await told(faulty.blind, fourRows, 4);
  expect(facts(diagnostic).slice(1)).toEqual([
    'the loss became NaN at step 1, batch 1 of epoch 1: subtract(a, b) in softmax received -Infinity and -Infinity in row 3 of the batch',
    'finite operands',
    'a = -Infinity, b = -Infinity',
    'a large number such as -1e9 masks as well, and the difference of two of them is 0',
  ]);
  expect(diagnostic.labels).toMatchObject([{ text: 'an infinity is written here' }]);
});

test('an update', async () => {
  expect(facts(await told(faulty.rate, fourRows, 4)).slice(1)).toEqual([
    'the parameter dense.kernel became Infinity at step 1, batch 1 of epoch 1: multiply(∂dense.kernel, rate) in the update of dense.kernel by sgd received -1.551951 and 3e+38',
    'a result that float32 can hold, up to 3.4e38',
    '∂dense.kernel = -1.551951, rate = 3e+38',
    'lower the learning rate, or clip the gradients',
  ]);
});

const schema = { x: vector(2), id: float, y: vector(1) };
const data = arrays(schema, { x: [[0, 0]], id: [0], y: [[0]] }).batch(3);
const three: Columns = { x: [1, 2, 3, 4, 5, 6], id: [7, 8, 9], y: [1, 2, 3] };

test('a column, with what its row is found by', async () => {
  const line = pipeline({
    data,
    model: ({ x, id }) => add(dense(1)(x), multiply(0, mean(id))),
    loss: (out, { y }) => meanSquaredError(y, out),
    optimizer: sgd(),
  });
  expect(facts(await told(line, { ...three, x: [1, 2, 3, Number.NaN, 5, 6] }, 3)).slice(1)).toEqual([
    'the loss became NaN at step 1, batch 1 of epoch 1: the column x is NaN in row 2 of the batch',
    'finite numbers in every column',
    'x = NaN; in the row with id = 8',
    'leave such rows out with .filter(…), or replace the value with .map(…)',
  ]);
});

test('weights that grow beyond measure', async () => {
  const line = pipeline({
    data,
    model: ({ x }) => dense(1, { name: 'steep' })(x),
    loss: (out, { y }) => meanSquaredError(y, out),
    optimizer: sgd({ learningRate: 1e20 }),
  });
  const { message, hint } = await told(line, three, 3);
  expect(message).toMatch(
    /^the loss became Infinity at step 2, batch 2 of epoch 1: multiply\(a, b\) in meanSquaredError received -?\d\.\d+e\+\d+ and -?\d\.\d+e\+\d+ in row 1 of the batch$/,
  );
  expect(hint).toMatch(
    /^steep\.kernel has grown to -?\d\.\d+e\+\d+: lower the learning rate, or clip the gradients$/,
  );
});

test('a square in an optimizer', async () => {
  const line = pipeline({
    data,
    model: ({ x }) => dense(1)(x),
    loss: (out, { y }) => multiply(1e25, meanSquaredError(y, out)),
    optimizer: adam(),
  });
  expect((await told(line, three, 3)).message).toMatch(
    /^§?slot\/dense\.(kernel|bias)\/velocity became Infinity at step 1, .* in the update of dense\.(kernel|bias) by adam received /,
  );
});

test('a sum of many', async () => {
  const line = pipeline({
    data,
    model: ({ x }) => dense(1)(x),
    loss: (out, { x, y }) =>
      add(meanSquaredError(y, out), multiply(1e-38, sum(multiply(x, 1e38), { axis: 1 }))),
    optimizer: sgd(),
  });
  const { message, received } = await told(line, { ...three, x: [1, 2, 3, 1, 2, 2] }, 3);
  expect(message).toMatch(/: sum\(x\) received 2 values up to 3e\+38 in row 2 of the batch$/);
  expect(received).toBe('x: 2 values up to 3e+38');
});

test('a constant that is written so', async () => {
  const line = pipeline({
    data,
    model: ({ x }) => dense(1)(x),
    loss: (out, { y }) => add(meanSquaredError(y, out), Number.POSITIVE_INFINITY),
    optimizer: sgd(),
  });
  expect((await told(line, three, 3)).message).toMatch(/: it was computed from a constant that is Infinity$/);
});
