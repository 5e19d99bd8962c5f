/** Programs of a pipeline's own: run by name on columns of their own, over the model's parameters, saved and loaded. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, print } from '../../compiler/index.ts';
import { load, train } from '../../runtime/index.ts';
import * as m from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('programs', { rows: 200 });

const hidden = m.dense(4, { activation: m.tanh });
const noisy = m.dropout(0.5);
const encode = (x: m.Tensor<readonly ['B', 3]>) => noisy(hidden(x));
const decode = m.dense(3);
const codec = m.pipeline({
  data: m
    .rows({ x: m.vector(3) }, [{ x: [1, 2, 3] }])
    .repeat(30)
    .batch(4),
  model: ({ x }) => decode(encode(x)),
  loss: (out, { x }) => m.meanSquaredError(x, out),
  optimizer: m.adam({ learningRate: 0.05 }),
  programs: {
    encode: m.program({ x: m.vector(3) }, ({ x }) => encode(x)),
    decode: m.program({ code: m.vector(4) }, ({ code }) => ({
      x: decode(code),
      length: m.sqrt(m.sum(m.square(code), { axis: -1 })),
    })),
  },
});
const { model } = await train(codec, { epochs: 3 }).finished;

describe('programs of one pipeline', () => {
  test('put together say what predict says, to the bit, for any number of rows', () => {
    const number = fc.float({ min: -4, max: 4, noNaN: true });
    const row = fc.record({ x: fc.tuple(number, number, number) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 11 }), (rows) => {
        const codes = model.run('encode', rows);
        const answers = model.run(
          'decode',
          codes.map((code) => ({ code })),
        );
        expect(answers.map(({ x }) => x)).toEqual(model.predict(rows));
        answers.forEach(({ length }, i) => {
          expect(length).toBeCloseTo(Math.hypot(...codes[i]!), 4);
        });
        count('rows', rows.length);
      }),
      { numRuns: runs(80) },
    );
  });

  test('are typed by their columns and what they return', () => {
    const codes: readonly (readonly number[])[] = model.run('encode', [{ x: [1, 2, 3] }]);
    const lengths: readonly number[] = model.run('decode', [{ code: codes[0]! }]).map(({ length }) => length);
    expect(lengths).toHaveLength(1);
    // @ts-expect-error the columns of another program
    expect(() => model.run('decode', [{ x: [1, 2, 3] }])).toThrow('DAT');
  });

  test('answer streams', async () => {
    const rows = [{ x: [1, 2, 3] }, { x: [0, 0, 1] }];
    const answers: unknown[] = [];
    for await (const answer of model.run('encode', new Set(rows))) answers.push(answer);
    expect(answers).toEqual(model.run('encode', rows));
  });

  test('that do not exist are refused, with a guess', async () => {
    expect(model.programs).toEqual(['encode', 'decode']);
    expect(await refused(() => model.run('endcode' as 'encode', []))).toMatchObject([
      { code: 'RUN812', hint: 'did you mean encode?' },
    ]);
    expect(await refused(() => model.run('step' as 'encode', []))).toMatchObject([{ code: 'RUN812' }]);
  });

  test('are saved with the model and loaded, to the bit', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-programs-'));
    await model.save(folder);
    const loaded = await load(folder);
    expect(loaded.programs).toEqual(model.programs);
    const rows = [{ x: [1, -2, 0.5] }];
    expect(loaded.run('encode', rows)).toEqual(model.run('encode', rows));
    const code = [0.5, 0.25, -1, 2];
    expect(loaded.run('decode', [{ code }])).toEqual(model.run('decode', [{ code }]));
    expect(await refused(() => loaded.run('paint', []))).toMatchObject([{ code: 'RUN812' }]);
  });

  test('draw no random numbers of training, and change none', async () => {
    const bare = m.pipeline({
      data: codec.definition.data,
      model: codec.definition.model,
      loss: codec.definition.loss!,
      optimizer: m.adam({ learningRate: 0.05 }),
    });
    const steps = [codec, bare].map((pipeline) =>
      print(compile(pipeline).module.programs.get('step')!.graph, { spans: false }),
    );
    expect(steps[0]).toBe(steps[1]);
  });
});
