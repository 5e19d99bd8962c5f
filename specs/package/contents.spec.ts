/** What travels in the package, and that it stands on its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';
import type { Project } from './installed.ts';
import { installedProject, manifest } from './installed.ts';

let project: Project;
beforeAll(() => {
  project = installedProject();
});
afterAll(() => project?.remove());

const textOf = (path: string): string =>
  readFileSync(join(project.folder, 'node_modules/millrace', path), 'utf8');

test('licence, pages of all diagnostics, examples, and nothing of how it is made', () => {
  const { packed } = project;
  expect(packed).toEqual(
    expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'examples/iris.ts']),
  );
  const pages = readdirSync(join(root, 'docs/errors')).map((page) => `docs/errors/${page}`);
  expect(packed).toEqual(expect.arrayContaining(pages));
  const rooms = new Set(packed.map((path) => path.split('/')[0]));
  expect([...rooms].sort()).toEqual([
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'dist',
    'docs',
    'examples',
    'package.json',
  ]);
  expect(packed.filter((path) => path.startsWith('dist/') && !/\.(js|mjs|d\.ts|d\.mts)$/.test(path))).toEqual(
    [],
  );
});

test('installing it runs nothing', () => {
  const own = Object.keys(manifest.scripts);
  expect(own.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

test('what it imports is what it depends on', () => {
  const known = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
  const used = new Set<string>();
  for (const path of project.packed.filter((each) => /^dist\/.*\.m?js$/.test(each))) {
    for (const [, specifier] of textOf(path).matchAll(
      /(?:^(?:import|export|\}).*? from |^import |\bimport\()"([^".\n][^"\n]*)"/gm,
    )) {
      if (specifier!.startsWith('node:') || builtinModules.includes(specifier!)) continue;
      const [scope, name] = specifier!.split('/');
      used.add(scope!.startsWith('@') ? `${scope}/${name}` : scope!);
    }
  }
  used.delete(manifest.name);
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  expect([...used]).toEqual(expect.arrayContaining(['rxjs', 'ts-morph']));
});

test('CommonJS requires it', () => {
  const program = `
    const { dense } = require('millrace');
    const { train } = require('millrace/runtime');
    const { check } = require('millrace/compiler');
    console.log(typeof dense, typeof train, typeof check);
  `;
  project.write({ 'main.cjs': program });
  const { stdout, stderr } = project.node(['--no-warnings', 'main.cjs']);
  expect({ stdout, stderr }).toEqual({ stdout: 'function function function\n', stderr: '' });
});

test.each(['cjs', 'esm'] as const)('a bundle as %s trains', async (format) => {
  const program = `
    import { arrays, float, meanSquaredError, multiply, param, pipeline, sgd } from 'millrace';
    import { train } from 'millrace/runtime';
    const slope = param([]);
    const line = pipeline({
      data: arrays({ x: float, y: float }, { x: [1, 2], y: [2, 4] }).batch(2),
      model: ({ x }) => multiply(slope, x),
      loss: (answer, { y }) => meanSquaredError(y, answer),
      optimizer: sgd({ learningRate: 0.1 }),
    });
    train(line, { epochs: 50 }).finished.then(({ model }) => console.log(Math.round(model.predict([{ x: 3 }])[0])));
  `;
  project.write({ 'bundled.mjs': program });
  const outfile = join(project.folder, format === 'cjs' ? 'bundle.cjs' : 'bundle.mjs');
  const bundle = await rolldown({
    input: join(project.folder, 'bundled.mjs'),
    platform: 'node',
    external: ['@tensorflow/tfjs-node', 'ts-morph'],
    resolve: { symlinks: false },
    // In CommonJS, esbuild leaves nothing of it.
    transform: format === 'cjs' ? { define: { 'import.meta': '{}' } } : {},
    logLevel: 'silent',
  });
  await bundle.write({ file: outfile, format, codeSplitting: false });
  const { stdout, stderr } = project.node([outfile]);
  expect({ stdout, stderr }).toEqual({ stdout: '6\n', stderr: '' });
});

test('the oldest RxJS of its range does as well', () => {
  const oldest = '7.5';
  expect(manifest.dependencies.rxjs).toBe(`^${oldest}.0`);
  const older = installedProject({ rxjs: `rxjs-${oldest}` });
  try {
    older.write({
      'older.mjs': `
        import { readFileSync } from 'node:fs';
        import { defer, firstValueFrom, map, toArray } from 'rxjs';
        import { from, float, meanSquaredError, multiply, param, pipeline, sgd } from 'millrace';
        import { earlyStopping, train } from 'millrace/runtime';
        const slope = param([]);
        const rows = () => defer(() => [{ x: 1, y: 2 }, { x: 2, y: 4 }]);
        const line = pipeline({
          data: from({ x: float, y: float }, rows, { overflow: 'error', buffer: 8 }).batch(2),
          model: ({ x }) => multiply(slope, x),
          loss: (answer, { y }) => meanSquaredError(y, answer),
          optimizer: sgd({ learningRate: 0.1 }),
        });
        const run = train(line, { epochs: 3, hooks: [earlyStopping({ monitor: 'loss', patience: 9 })] });
        const types = await firstValueFrom(run.events$.pipe(map(({ type }) => type), toArray()));
        console.log(JSON.parse(readFileSync('node_modules/rxjs/package.json')).version, types[0], types.at(-1));
      `,
    });
    const { stdout, stderr } = older.node(['older.mjs']);
    expect({ stdout, stderr }).toEqual({ stdout: `${oldest}.0 runStarted runFinished\n`, stderr: '' });
  } finally {
    older.remove();
  }
});
