/** `npm run new`: what it writes compiles and is found by its laws, which fail on its todo alone; what it refuses, and how. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';

const made = [
  ['op', 'arithmetic/probeOp'],
  ['layer', 'core/probeLayer'],
  ['loss', 'probeLoss'],
  ['metric', 'probeMetric'],
  ['optimizer', 'probeOptimizer'],
  ['initializer', 'probeInitializer'],
  ['hook', 'probeHook'],
  ['stage', 'probeStage'],
  ['diagnostic', 'SHP299'],
] as const;

const copied = [
  ...['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'cli', 'scripts', 'specs', 'docs', 'examples'],
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'biome.json', 'vitest.config.ts', '.gitignore'],
];

/** Where something is written; indexes are among it. */
const writtenTo = [
  'stdlib',
  'runtime/hooks',
  'runtime/data',
  'compiler/diagnostics',
  'specs/diagnostics/SHP299',
];

/** What is written, and all that could be of other types with it. */
const aroundIt = {
  extends: './tsconfig.json',
  compilerOptions: { incremental: false },
  include: ['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'specs/laws', 'specs/diagnostics'],
  exclude: ['specs/diagnostics/*/input.ts'],
};

let copy = '';

function inCopy(
  script: string,
  ...args: string[]
): { readonly status: number | null; readonly text: string } {
  const env = { ...process.env, MILLRACE_PART: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, script), ...args], {
    cwd: copy,
    encoding: 'utf8',
    env,
  });
  return { status, text: stdout + stderr };
}

const make = (...args: string[]) => inCopy('scripts/new.mjs', ...args);

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'millrace-new-'));
  for (const part of copied) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('what it writes', () => {
  test.each(made)('%s %s', (kind, name) => {
    const { status, text } = make(kind, name);
    expect(text).toContain('Fill in what says todo');
    expect(status).toBe(0);
  });

  test('compiles, and reads as the formatter writes it', () => {
    writeFileSync(join(copy, 'tsconfig.written.json'), JSON.stringify(aroundIt));
    expect(inCopy('node_modules/typescript/bin/tsc', '-p', 'tsconfig.written.json').text).toBe('');
    const biome = spawnSync(
      join(copy, 'node_modules/.bin/biome'),
      ['check', '--diagnostic-level=error', ...writtenTo],
      {
        cwd: copy,
        encoding: 'utf8',
      },
    );
    expect(biome.status, biome.stdout).toBe(0);
    expect(inCopy('scripts/generate.mjs', '--check').text).toBe('');
  });

  test('is found by the laws, which fail on the todo alone', () => {
    const report = join(copy, 'report.json');
    const suites = ['laws/registries', 'laws/stages', 'laws/ops', 'diagnostics/diagnostics'].map(
      (s) => `specs/${s}.spec.ts`,
    );
    const names = made.map(([, name]) => name.split('/').at(-1)).join('|');
    inCopy(
      'node_modules/vitest/vitest.mjs',
      ...['run', ...suites, '-t', names, '--maxWorkers=1', '--reporter=json', `--outputFile=${report}`],
    );
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly testResults: readonly {
        readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
      }[];
    };
    const failed = testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ status, fullName }) => (status === 'failed' ? [fullName] : [])),
    );
    expect(failed.sort()).toEqual([
      "'SHP299' is what its sample is refused with",
      'hook probeHook has examples',
      'initializer probeInitializer has examples',
      'layer probeLayer has examples',
      'metric probeMetric has examples and a domain',
      'optimizer probeOptimizer has examples',
      'probeLoss is documented',
      'probeOp is documented',
      'stage probeStage has examples',
    ]);
  });
});

describe('what it refuses', () => {
  test.each([
    [[], 'usage: npm run new -- KIND NAME'],
    [['wheel', 'round'], 'there is no kind wheel; there are op, layer'],
    [['op', 'cube'], 'op cube lacks its family'],
    [['op', 'cubes/cube'], 'there is no family cubes of ops; there are activations'],
    [['loss', 'losses/cube'], 'loss takes a name without a folder'],
    [['layer', 'core/dense'], 'dense is taken'],
    [['hook', 'earlyStopping'], 'earlyStopping is taken'],
    [['metric', 'F1'], 'F1 is no name in camelCase'],
    [['metric', 'class'], 'class is a word of JavaScript'],
    [['diagnostic', 'SHP201'], 'SHP201 is there already'],
    [['diagnostic', 'shape'], 'shape is no code'],
    [['diagnostic', 'ZZZ101'], 'there is no family ZZZ of diagnostics'],
  ])('%j', (args, message) => {
    const { status, text } = make(...args);
    expect(text).toContain(message);
    expect(text.split('\n').length).toBeLessThan(12);
    expect(status).toBe(1);
  });
});
