/** A package with a vocabulary of its own, installed beside the packed one: it builds, keeps the laws, trains, saves and loads. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';
import type { Project } from './installed.ts';
import { installedProject } from './installed.ts';

let project: Project;
beforeAll(() => {
  project = installedProject();
  const own = join(project.folder, 'node_modules/own-vocabulary');
  cpSync(join(root, 'examples/own-vocabulary'), own, { recursive: true });
  rmSync(join(own, 'dist'), { recursive: true, force: true });
});
afterAll(() => project?.remove());

const inPackage = (line: string) => project.shell(`cd node_modules/own-vocabulary && ${line}`);

test('it builds outside the repository, its types inferred and declared', () => {
  expect(inPackage('tsc --types node').stdout).toBe('');
});

test('its definitions keep the laws that ours keep', () => {
  const { stdout, status } = inPackage('node --test dist/test/laws.js');
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(status).toBe(0);
  expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(40);
});

const program = `
  import { dense, pipeline, rows, float, sigmoid, vector, squeeze } from 'millrace';
  import { load, train } from 'millrace/runtime';
  import * as own from 'own-vocabulary';

  const cases = Array.from({ length: 64 }, (_, i) => ({ x: [Math.sin(i), Math.cos(2 * i)], y: Math.sin(i) > 0.7 ? 1 : 0 }));
  const body = own.gated(8, { rate: 0.1, name: 'gate' });
  const head = dense(1, { kernelInitializer: own.scaledNormal(1) });
  const rare = pipeline({
    data: rows({ x: vector(2), y: float }, cases).repeat(40).through(own.everyOther({ from: 1 })).shuffle().batch(16),
    model: ({ x }) => {
      const logit = squeeze(head(body(x)), { axis: -1 });
      return { logit, step: own.smoothStep(logit) };
    },
    loss: ({ logit }, { y }) => own.focalLoss(y, sigmoid(logit), { gamma: 1 }),
    metrics: { explained: ({ step }, { y }) => own.rSquared(y, step) },
    optimizer: own.rmsProp({ learningRate: 0.01 }),
  });
`;

test('what is written with it trains, saves, and loads where the package is handed over', () => {
  project.write({
    'train.mjs': `${program}
      const run = train(rare, { epochs: 10, hooks: [own.halveOnPlateau()] });
      const { model, history, metrics } = await run.finished;
      await model.save('rare');
      const asked = cases.slice(0, 5);
      const loaded = await load('rare', { vocabulary: [own.vocabulary] });
      const codes = await Promise.all([[], [{ ...own.vocabulary, version: '2.0.0' }]].map((vocabulary) =>
        load('rare', { vocabulary }).then(() => 'loaded', (error) => error.diagnostics[0].code)));
      console.log(JSON.stringify({
        fell: history.at(-1).loss / history[0].loss,
        explained: metrics.explained,
        same: JSON.stringify(loaded.predict(asked)) === JSON.stringify(model.predict(asked)),
        codes,
      }));`,
  });
  const { stdout, stderr } = project.node(['train.mjs']);
  expect(stderr).toBe('');
  const { fell, explained, same, codes } = JSON.parse(stdout);
  expect(fell).toBeLessThan(0.5);
  expect(explained).toBeGreaterThan(0.5);
  expect(same).toBe(true);
  expect(codes).toEqual(['RUN813', 'RUN813']);
});
