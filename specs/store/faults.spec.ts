/** A disk that fails, at any call: the refusal is typed, what was announced is there, nothing stays open, and the next write works. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nowhere } from '../../compiler/ir/span.ts';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { readVariables, saveVariables } from '../../runtime/store/variables.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import { ModelDisk } from './model-disk.ts';
import { versionOf, weights } from './versions.ts';

const count = tally('faults', { 'refused saves': 150, 'saves that went on': 50 });

const folder = '/data/model';

/** The call that was made to fail last, such as `rename session.json`. */
let failedAt = '';

/** Lets the call of a number fail, each time anew. */
async function failing(
  disk: ModelDisk,
  number: number,
  code: string,
  write: () => Promise<unknown>,
): Promise<boolean> {
  let calls = 0;
  disk.onCall = (call, path) => {
    if (++calls !== number) return;
    failedAt = `${call} ${basename(path)}`;
    throw Object.assign(new Error(`${code}: ${call} ${path}`), { code });
  };
  const problem = await write().then(
    () => undefined,
    async (error: unknown) => (await refused(Promise.reject(error)))[0],
  );
  disk.onCall = () => {};
  expect(disk.opened).toBe(0);
  if (problem) expect(problem).toMatchObject({ code: 'RUN808', message: expect.stringContaining(code) });
  count(problem ? 'refused saves' : 'saves that went on');
  return calls >= number;
}

describe.each(['EIO', 'ENOSPC', 'EACCES', 'EMFILE'])('%s at any call', (code) => {
  test('of a save of variables leaves the old or the new', async () => {
    const save = (disk: ModelDisk, version: number): Promise<void> =>
      saveVariables(new Map([['w', weights(version)]]), folder, nowhere, disk);
    const read = async (disk: ModelDisk): Promise<number> =>
      versionOf((await readVariables(folder, nowhere, disk)).get('w'));
    for (let number = 1, isCalled = true; isCalled; number++) {
      const disk = new ModelDisk();
      await save(disk, 1);
      isCalled = await failing(disk, number, code, () => save(disk, 2));
      const found = await read(disk);
      expect([1, 2]).toContain(found);
      // A save that was broken off gives its room on the disk back, but where the manifest may have been renamed all the same.
      const parts = (await disk.list(folder)).filter((name) => /^variables-|tmp$/.test(name));
      if (found === 1 && failedAt !== 'rename session.json') expect(parts.length).toBe(1);
      await save(disk, 3);
      expect(await read(disk)).toBe(3);
      expect((await disk.list(folder)).length).toBe(2);
    }
  });

  test('of a checkpoint leaves the older ones, and the run may go on', async () => {
    const write = (to: Checkpoints, version: number): Promise<unknown> =>
      to.write({
        ...{ step: version, epoch: version, time: version, program: 'program', state: { version } },
        tensors: new Map([['weights', new Map([['w', weights(version)]])]]),
      });
    for (let number = 1, isCalled = true; isCalled; number++) {
      const disk = new ModelDisk();
      const checkpoints = await Checkpoints.open(folder, { keep: 2, fs: disk });
      for (let version = 1; version <= 3; version++) await write(checkpoints, version);
      isCalled = await failing(disk, number, code, () => write(checkpoints, 4));
      const newest = await newestCheckpoint(disk, folder);
      expect([3, 4]).toContain(newest?.generation.epoch);
      expect(versionOf(newest?.tensors.get('weights')?.get('w'))).toBe(newest?.generation.epoch);
      for (let version = 5; version <= 6; version++) await write(checkpoints, version);
      expect((await checkpoints.list({ verify: true })).generations.map(({ epoch }) => epoch)).toEqual([
        6, 5,
      ]);
      await checkpoints.close();
      // Two manifests, each with weights and state of its own, and the program that they share.
      expect((await disk.list(folder)).length).toBe(2 + 4 + 1);
    }
  });
});

test('values that change while they are saved are refused, and what was there stays', async () => {
  const disk = new ModelDisk();
  const tensor = weights(1);
  const save = (): Promise<void> => saveVariables(new Map([['w', tensor]]), folder, nowhere, disk);
  await save();
  tensor.values.fill(2);
  let calls = 0;
  disk.onCall = (call) => {
    if (call === 'create' && ++calls === 2) tensor.values.fill(3);
  };
  expect(await refused(save())).toMatchObject([
    { code: 'RUN808', message: expect.stringContaining('changed') },
  ]);
  disk.onCall = () => {};
  expect(versionOf((await readVariables(folder, nowhere, disk)).get('w'))).toBe(1);
  expect(disk.opened).toBe(0);
});

test('a disk that is full for good is told each time, and what was there stays', async () => {
  const disk = new ModelDisk();
  const save = (version: number): Promise<void> =>
    saveVariables(new Map([['w', weights(version)]]), folder, nowhere, disk);
  await save(1);
  disk.onCall = (call) => {
    if (call === 'write') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  for (let i = 0; i < 3; i++) expect(await refused(save(2))).toMatchObject([{ code: 'RUN808' }]);
  disk.onCall = () => {};
  expect(versionOf((await readVariables(folder, nowhere, disk)).get('w'))).toBe(1);
  expect((await disk.list(folder)).length).toBe(2);
});
