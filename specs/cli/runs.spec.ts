/** `millrace runs`: what it says of the checkpoints in a folder. */
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { withFiles } from '../static/with-files.ts';
import { weights } from '../store/versions.ts';
import { build, jsonLines, millrace } from './millrace.ts';

beforeAll(build);

test('a table, JSON lines, and a word on what is damaged', () =>
  withFiles({}, async (folder) => {
    const run = join(folder, 'power');
    const checkpoints = await Checkpoints.open(run, { keep: 5 });
    for (const [step, loss, age] of [
      [500, 0.5, 90_061_000],
      [1000, 0.12345, 125_000],
      [1500, Number.NaN, 1000],
    ] as const)
      await checkpoints.write({
        ...{ step, epoch: step / 500, time: Date.now() - age, program: 'program', state: {}, loss },
        metric: { mode: 'min', value: loss },
        tensors: new Map([['weights', new Map([['w', weights(step)]])]]),
      });
    // The run goes on while it is looked at.
    const table = millrace(folder, ['runs', 'power']);
    expect(table).toMatchObject({ status: 0, stderr: '' });
    const [head, ...rows] = table.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(head).toEqual(['step', 'epoch', 'age', 'size', 'loss']);
    expect(rows).toEqual([
      ['1500', '3', expect.stringMatching(/^\d+ s$/), '1.3 kB'],
      ['1000', '2', expect.stringMatching(/^2 min/), '1.3 kB', '0.1235', 'best'],
      ['500', '1', '1 d 1 h', '1.3 kB', '0.5000'],
    ]);
    const json = millrace(folder, ['runs', 'power', '--json']);
    expect(jsonLines(json.stdout)).toMatchObject([
      { name: 'checkpoint-000000001500', step: 1500, epoch: 3, isBest: false },
      { step: 1000, loss: 0.12345, isBest: true, metric: { mode: 'min', value: 0.12345 } },
      { step: 500 },
    ]);
    await checkpoints.close();

    const part = readdirSync(run).find((name) => name.startsWith('state-')) ?? '';
    writeFileSync(join(run, part), '[]');
    truncateSync(join(run, 'checkpoint-000000001000.json'), 100);
    const damaged = millrace(folder, ['runs', 'power']);
    expect(damaged.status).toBe(1);
    expect(damaged.stderr.trim().split('\n').sort()).toEqual([
      expect.stringContaining('checkpoint-000000000500 is damaged: state-'),
      expect.stringContaining('checkpoint-000000001000 is damaged: checkpoint-000000001000.json'),
      expect.stringContaining('checkpoint-000000001500 is damaged: state-'),
    ]);
    expect(millrace(folder, ['runs', '.'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('error RUN808: there are no checkpoints in this folder'),
    });
    expect(millrace(folder, ['runs']).status).toBe(2);
  }));
