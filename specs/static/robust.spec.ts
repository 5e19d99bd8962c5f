/** Files that would break a reader are told what is wrong with them, and a pipeline that changes as it is read is refused. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import { transpileForData } from '../../compiler/1-read/interpreter/transpile.ts';
import { check } from '../../compiler/check-file.ts';
import * as millrace from '../../stdlib/index.ts';
import { withFiles } from './with-files.ts';

function told(files: Readonly<Record<string, string>>): string[] {
  const { diagnostics } = withFiles(files, (folder) =>
    readStatically(join(folder, 'input.ts'), { modules: { millrace } }),
  );
  return diagnostics.map(({ code, span }) => `${code} ${span.file.split('/').at(-1)}:${span.line}`);
}

test('JSON that is none is told at its place; members of JSON have names', () => {
  const text = `
import { dense } from 'millrace';
import broken from './broken.json';
import { units } from './good.json';
export const layer = dense(units);
export const other = dense(broken.units);
`;
  expect(
    told({ 'input.ts': text, 'broken.json': '{\n  "units": 3,\n}', 'good.json': '{ "units": 3 }' }),
  ).toContainEqual(expect.stringMatching(/^(SRC103|SRC101) broken\.json/));
  expect(told({ 'input.ts': text, 'broken.json': '', 'good.json': '{ "units": 3 }' })).toContainEqual(
    expect.stringMatching(/broken\.json/),
  );
});

test('what nests too deeply is refused', () => {
  expect(told({ 'input.ts': `export const x = ${'('.repeat(20_000)}1${')'.repeat(20_000)};\n` })).toEqual([
    'SRC113 input.ts:1',
  ]);
});

/** A pipeline whose model is given. */
const pipelineOf = (before: string, model: string): string => `
import { adam, arrays, dense, float, meanSquaredError, pipeline, stack, add, type Tensor } from 'millrace';
const rows = arrays({ x: float, y: float }, { x: [1, 2], y: [1, 2] });
const [a, b] = [dense(4), dense(1)];
${before}
export const p = pipeline({
  data: rows.batch(2),
  model: ({ x }) => { ${model} },
  loss: (out, { y }) => meanSquaredError(stack([y]), out),
  optimizer: adam(),
});
`;

const impure: Readonly<Record<string, readonly [string, string]>> = {
  'a counter': ['let calls = 0;', 'calls++; return calls > 1 ? b(stack([x])) : b(a(stack([x])));'],
  'a list that is used up': [
    'const layers = [a];',
    'let h: Tensor = stack([x]); h = (layers.pop() ?? b)(h); return b(h);',
  ],
};

for (const [name, [before, model]] of Object.entries(impure)) {
  test(`a model that depends on ${name} is refused`, async () => {
    const { diagnostics, pipelines } = await withFiles({ 'input.ts': pipelineOf(before, model) }, (folder) =>
      check(join(folder, 'input.ts')),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['PIP109']);
    expect(pipelines.get('p')?.phases?.checked).toBeUndefined();
  });
}

/** A schedule and an initializer that give no tensor. */
const ofNumbers: readonly (readonly [string, string])[] = [
  ['adam()', 'adam({ learningRate: (() => 3) as never })'],
  ['dense(1)]', 'dense(1, { kernelInitializer: (() => 3) as never } as never)]'],
];

test('layers made inside a model are no difference; a model of the run is told its cause', async () => {
  const sound = pipelineOf('', 'return dense(1)(stack([x]));');
  const ofTheRun = pipelineOf('', 'return process.env.X as unknown as Tensor;');
  const codes = async (text: string): Promise<string[]> => {
    const { diagnostics } = await withFiles({ 'input.ts': text }, (folder) =>
      check(join(folder, 'input.ts')),
    );
    return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  };
  expect(await codes(sound)).toEqual([]);
  expect(await codes(ofTheRun)).toEqual(['SRC111']);
  const numbers = ofNumbers.map((text) => codes(pipelineOf('', 'return b(stack([x]));').replace(...text)));
  expect(await Promise.all(numbers)).toEqual([['ARG101'], ['ARG101']]);
  // The better word on operators wins inside models as well.
  expect(await codes(pipelineOf('', 'return (x * 2) as unknown as Tensor;'))).toEqual(['SRC115']);
});

test('JSON is a module when a file is loaded for its data', () => {
  const text = transpileForData('c.json', '{ "units": 1, "a-b": [2] }', 'millrace/runtime');
  expect(text).toContain('export default json;');
  expect(text).toContain('export { m0 as "units", m1 as "a-b" };');
});

test('only statements that use what runs pipelines are left out', () => {
  const text = `
import { split } from 'millrace';
import { train } from 'millrace/runtime';
const { train: tr, test } = split(rows, { train: 0.5, test: 0.5 });
const tools = { train() { return 1; }, test };
const twice = [1].map((train) => train + 1);
export const p = pipeline(tr);
const run = train(p);
run.finished;
`;
  const { text: kept } = { text: transpileForData('input.ts', text, 'millrace/runtime') };
  for (const part of ['split(rows', 'train() {', 'train + 1', 'pipeline(tr)']) expect(kept).toContain(part);
  for (const part of ['train(p)', 'run.finished']) expect(kept.split('//#')[0]).not.toContain(part);
});
