/** What is generated is what the generator would write now. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { root } from './source-files.ts';

test('the indexes of the vocabulary are fresh', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
