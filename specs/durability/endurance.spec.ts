/** Work without end stays small: memory, open files, handles and threads of a process are flat, whatever it repeats. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from '../cli/millrace.ts';
import { effort, isLong } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const script = fileURLToPath(new URL('./endurance.mjs', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'millrace-endurance-'));
beforeAll(build);
afterAll(() => rmSync(base, { recursive: true, force: true }));

interface Sample {
  readonly done: number;
  readonly heap: number;
  readonly files: number;
  readonly handles: number;
  readonly threads: number;
  readonly history?: number;
  readonly kept?: number;
}

interface Work {
  readonly usual: number;
  readonly long: number;
  /** How many bytes of memory each may leave behind, on average; a leak of one small object is more. */
  readonly bytes: number;
}

const works: Readonly<Record<string, Work>> = {
  steps: { usual: 100_000, long: 1_000_000, bytes: 4 },
  epochs: { usual: 12_000, long: 100_000, bytes: 40 },
  checkpoints: { usual: 200, long: 10_000, bytes: 4000 },
  runs: { usual: 350, long: 2000, bytes: 6000 },
  subscribers: { usual: 100_000, long: 1_000_000, bytes: 8 },
};

const count = tally(
  'endurance',
  Object.fromEntries(Object.entries(works).map(([name, { usual }]) => [name, usual])),
);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Bytes for each that was done: the median of the slopes between any two samples (Theil and Sen). */
function slope(samples: readonly Sample[]): number {
  return median(
    samples.flatMap((a, i) => samples.slice(i + 1).map((b) => (b.heap - a.heap) / (b.done - a.done))),
  );
}

describe.each(Object.entries(works))('%s', (name, { usual, long, bytes }) => {
  test('leave nothing behind', () => {
    const times = (isLong ? long : usual) * effort;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--expose-gc', script, name, String(times), mkdtempSync(join(base, name))],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const samples = JSON.parse(stdout) as Sample[];
    // Code is compiled and lists find their length in the first third.
    const later = samples.slice(Math.floor(samples.length / 3));
    const found = slope(later);
    console.log(`${name}: ${found.toFixed(2)} bytes of memory for each of ${times}`);
    // What settles late weighs less the longer it goes on.
    expect(found).toBeLessThan(isLong ? bytes / 4 : bytes);
    const [first] = later;
    for (const { files, handles, threads, history = 0, kept = 0 } of later) {
      if (name !== 'epochs') {
        expect(files).toBeLessThanOrEqual((first?.files ?? 0) + 4);
        expect(handles).toBeLessThanOrEqual((first?.handles ?? 0) + 4);
        expect(threads).toBeLessThanOrEqual((first?.threads ?? 0) + 4);
      }
      expect(history).toBeLessThanOrEqual(1000);
      expect(kept).toBeLessThanOrEqual(40);
    }
    count(name, times);
  }, 1_800_000);
});
