/** The programs of the README are sound. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../compiler/index.ts';
import { root, textOf } from './source-files.ts';

test('what the README shows passes its own check', async () => {
  const blocks = [...textOf('README.md').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThan(1);
  // Within the repository, where the types of rxjs are found, and out of the way of everything that looks at its files.
  const folder = mkdtempSync(join(root, 'node_modules/.readme-'));
  const file = join(folder, 'readme.ts');
  writeFileSync(file, blocks.join('\n'));
  const { diagnostics, pipelines } = await check(file);
  rmSync(folder, { recursive: true });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  expect([...pipelines.keys()]).toEqual(['xor']);
});

test('the first program of the README is short', () => {
  const [, first] = /^```ts\n([\s\S]*?)^```$/m.exec(textOf('README.md'))!;
  expect(
    first!
      .trim()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(14);
});
