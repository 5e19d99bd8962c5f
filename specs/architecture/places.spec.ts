/** Nothing in the repository names the machine it was written on, nor the registry its packages came from. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, textOf } from './source-files.ts';

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '');

test('no file holds a path of this machine or the host of another registry', () => {
  const registry = process.env.npm_config_registry;
  const host = registry === undefined ? undefined : new URL(registry).host;
  const places = [root, `${homedir()}/`, `${dirname(root.slice(0, -1))}/`]
    // Folders that are the same everywhere say nothing about a machine.
    .filter((place) => place.split('/').length > 3 || place === root)
    .concat(host === undefined ? [] : [host]);
  const found = tracked.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return places.filter((place) => text.includes(place)).map((place) => `${path} holds ${place}`);
  });
  expect(found).toEqual([]);
  expect(tracked.length).toBeGreaterThan(300);
});

test('the lock file says what to install, not where from', () => {
  expect(textOf('package-lock.json')).not.toContain('"resolved"');
  expect(textOf('package-lock.json')).toContain('"integrity"');
});
