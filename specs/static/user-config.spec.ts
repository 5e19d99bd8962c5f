/** Type errors follow the project's tsconfig.json, and aliases of modules lead where it says. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../compiler/check-file.ts';
import { withFiles } from './with-files.ts';

const pipeline = (head: string): string => `
import { dense, float, meanSquaredError, pipeline, rows, sgd, stack } from 'millrace';
${head}
const data = rows({ x: float, y: float }, [{ x: 1, y: 2 }]);
const layer = dense(width);
export const line = pipeline({
  data: data.batch(1),
  model: ({ x }) => layer(stack([x])),
  loss: (out, { y }) => meanSquaredError(stack([y]), out),
  optimizer: sgd(),
});
`;

/** The codes of TypeScript, or ours, that a project is refused with. */
const codesIn = (files: Readonly<Record<string, string>>): Promise<string[]> =>
  withFiles(files, async (folder) => {
    const { diagnostics } = await check(join(folder, 'src/line.ts'));
    return diagnostics.flatMap(({ severity, code, label }) => (severity === 'error' ? [label ?? code] : []));
  });

const config = (compilerOptions: object, others: object = {}): string =>
  JSON.stringify({ compilerOptions, ...others });

const loose = pipeline('function widen(by) { return by; }\nconst width = widen(1) as number;');
const indexed = pipeline('const widths = [1, 2];\nconst width = 1;\nexport const first: number = widths[0];');

test('without a tsconfig.json, and with a strict one, programs are judged strictly', async () => {
  expect(await codesIn({ 'src/line.ts': loose })).toEqual(['TS7006']);
  expect(await codesIn({ 'src/line.ts': loose, 'tsconfig.json': config({ strict: true }) })).toEqual([
    'TS7006',
  ]);
});

test('a project that is not strict is judged as its author wants', async () => {
  expect(await codesIn({ 'src/line.ts': loose, 'tsconfig.json': config({ strict: false }) })).toEqual([]);
});

test('what a project adds is told, also where it extends another', async () => {
  expect(await codesIn({ 'src/line.ts': indexed, 'tsconfig.json': config({ strict: true }) })).toEqual([]);
  const strictest = config({ strict: true, noUncheckedIndexedAccess: true });
  expect(await codesIn({ 'src/line.ts': indexed, 'tsconfig.json': strictest })).toEqual(['TS2322']);
  expect(
    await codesIn({
      'src/line.ts': indexed,
      'base.json': strictest,
      'tsconfig.json': config({}, { extends: './base.json' }),
    }),
  ).toEqual(['TS2322']);
});

test.each([
  ['', { paths: { '@/*': ['./src/*'] } }],
  [' and a base', { baseUrl: './src', paths: { '@/*': ['./*'] } }],
])('aliases by paths%s are read statically', async (_, options) => {
  const files = {
    'src/line.ts': pipeline("import { width } from '@/sizes.ts';"),
    'src/sizes.ts': 'export const width = 1;',
    'tsconfig.json': config({ strict: true, ignoreDeprecations: '6.0', ...options }),
  };
  expect(await codesIn(files)).toEqual([]);
  // It is the value behind the alias that is read: another one is found out.
  expect((await codesIn({ ...files, 'src/sizes.ts': 'export const width = -1;' })).length).toBeGreaterThan(0);
});

test('a tsconfig.json that cannot be read is told at its place', async () => {
  await withFiles(
    { 'src/line.ts': pipeline('const width = 1;'), 'tsconfig.json': '{ "compilerOptions": { strict }' },
    async (folder) => {
      const { diagnostics } = await check(join(folder, 'src/line.ts'));
      expect(diagnostics).toMatchObject([
        { code: 'SRC123', span: { file: join(folder, 'tsconfig.json'), line: 1 } },
      ]);
    },
  );
});
