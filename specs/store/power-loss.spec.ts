/** Every disk that a loss of power may leave holds an old or the new whole, never less than was announced, and can be written to. */
import { describe, expect, test } from 'vitest';
import { nowhere } from '../../compiler/ir/span.ts';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { listCheckpoints } from '../../runtime/store/checkpoints/read.ts';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { readSmall } from '../../runtime/store/folder/read-folder.ts';
import { readVariables, saveVariables } from '../../runtime/store/variables.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { chanceFrom } from './chance.ts';
import { ModelDisk } from './model-disk.ts';
import { versionOf, weights } from './versions.ts';

const count = tally('power loss', {
  'moments of variables': 200,
  'moments of checkpoints': 500,
  'disks of variables': 800,
  'disks of checkpoints': 1000,
  'disks with the old': 500,
  'disks with the new': 200,
});

const folder = '/data/runs/power';
const chance = chanceFrom(seed);

interface Scenario {
  readonly what: string;
  /** Writes versions `from` and up, and says of each when it is begun and when it was announced. */
  readonly write: (disk: ModelDisk, from: number, progress: Progress) => Promise<void>;
  /** Gives the version that is found, after a look at all else. */
  readonly read: (disk: ModelDisk, progress: Readonly<Progress>) => Promise<number>;
}

interface Progress {
  begun: number;
  announced: number;
  /** How many were announced. */
  count: number;
  /** The least distance from 2 of a version that was announced. */
  best: number;
}

interface Crash extends Readonly<Progress> {
  readonly disk: ModelDisk;
}

/** Ends the writer after each change, by a kill or a loss of power, and looks at each disk that may be left. */
async function explore({ what, write, read }: Scenario, start: Crash, depth = 0): Promise<void> {
  const { disk, ...progress } = start;
  const lost: Crash[] = [];
  const killed: Crash[] = [];
  disk.onChange = () => {
    count(`moments of ${what}`);
    // One is enough where all is safe.
    for (let i = 0; i < (disk.unsafe > 0 ? runs(2) : 1); i++)
      lost.push({ ...progress, disk: disk.crashed(chance) });
    // The first moments are those of new folders.
    if (killed.length < 8 || chance(2 * runs(1)) === 0) killed.push({ ...progress, disk: disk.killed() });
  };
  await write(disk, progress.begun + 1, progress);
  expect(disk.opened).toBe(0);
  for (const [i, crash] of [...killed, ...lost].entries()) {
    const found = await read(crash.disk, crash);
    expect(found).toBeGreaterThanOrEqual(crash.announced);
    expect(found).toBeLessThanOrEqual(crash.begun);
    count(found === crash.announced ? 'disks with the old' : 'disks with the new');
    count(`disks of ${what}`);
    // A process that was killed leaves what is not safe to the next one, which may lose power in turn.
    const again = i < killed.length ? i < 6 || i % runs(8) === 0 : i % runs(60) === 0;
    if (depth === 0 && again) await explore({ what, write, read }, crash, 1);
    else if (i % 4 === 0) {
      const after: Progress = { ...crash };
      await write(crash.disk, crash.begun + 1, after);
      expect(await read(crash.disk, after)).toBe(after.begun);
      await expectTidy(crash.disk);
    }
    expect(crash.disk.opened).toBe(0);
  }
}

/** How many are written one after the other. */
const versions = 4;

/** Nothing is there but manifests, the parts that they name, and what the user put there. */
async function expectTidy(disk: ModelDisk): Promise<void> {
  const names = await disk.list(folder);
  let manifests = '';
  for (const name of names.filter((each) => /^(session|checkpoint-\d+)\.json$/.test(each))) {
    const bytes = (await readSmall(disk, `${folder}/${name}`)) ?? new Uint8Array();
    manifests += `"${name}"${new TextDecoder().decode(bytes)}`;
  }
  expect(names.filter((name) => !manifests.includes(`"${name}"`) && name !== 'notes.txt')).toEqual([]);
}

describe('after any loss of power', () => {
  test('variables are those before or after the save that was under way', () =>
    explore(
      {
        what: 'variables',
        write: async (disk, from, progress) => {
          for (let version = from; version < from + versions; version++) {
            progress.begun = version;
            await saveVariables(new Map([['w', weights(version)]]), folder, nowhere, disk);
            progress.announced = version;
            progress.count++;
            progress.best = Math.min(progress.best, Math.abs(version - 2));
          }
        },
        read: async (disk) => {
          try {
            return versionOf((await readVariables(folder, nowhere, disk)).get('w'));
          } catch (error) {
            // Before the first save was announced there may be nothing; nothing else is ever said.
            expect(error).toMatchObject({ diagnostics: [{ code: 'RUN808' }] });
            return 0;
          }
        },
      },
      { disk: new ModelDisk(), begun: 0, announced: 0, count: 0, best: Number.POSITIVE_INFINITY },
    ));

  test('the newest checkpoint is the last that was announced, or the one that was under way', () =>
    explore(
      {
        what: 'checkpoints',
        write: async (disk, from, progress) => {
          const checkpoints = await Checkpoints.open(folder, { keep: 2, fs: disk });
          for (let version = from; version < from + versions; version++) {
            progress.begun = version;
            await checkpoints.write({
              ...{ step: version * 10, epoch: version, time: version, program: 'program' },
              state: { version, hooks: ['same'] },
              tensors: new Map([
                ['weights', new Map([['w', weights(version)]])],
                // A part that two checkpoints share.
                ['slots', new Map([['m', weights(Math.floor(version / 2), 200)]])],
              ]),
              metric: { mode: 'min', value: Math.abs(version - 2) },
            });
            progress.announced = version;
            progress.count++;
            progress.best = Math.min(progress.best, Math.abs(version - 2));
          }
          await checkpoints.close();
        },
        read: async (disk, { count: written, best }) => {
          const damaged: string[] = [];
          const newest = await newestCheckpoint(disk, folder, (name) => damaged.push(name));
          expect(damaged).toEqual([]);
          const found = newest?.generation.epoch ?? 0;
          if (newest) {
            expect(newest.state).toEqual({ version: found, hooks: ['same'] });
            expect(versionOf(newest.tensors.get('weights')?.get('w'))).toBe(found);
            expect(versionOf(newest.tensors.get('slots')?.get('m'))).toBe(Math.floor(found / 2));
          }
          // Nor is an older one ever half there; two are once there were two, and the best stays.
          const { generations, damaged: broken } = await listCheckpoints(disk, folder, true);
          expect(broken).toEqual([]);
          expect(generations.length).toBeGreaterThanOrEqual(Math.min(2, written));
          if (newest)
            expect(generations.find(({ isBest }) => isBest)?.metric?.value).toBeLessThanOrEqual(best);
          return found;
        },
      },
      { disk: new ModelDisk(), begun: 0, announced: 0, count: 0, best: Number.POSITIVE_INFINITY },
    ));

  test('a part that somebody copied there, and that is not safe yet, is', async () => {
    const disk = new ModelDisk();
    const save = (on: ModelDisk): Promise<void> =>
      saveVariables(new Map([['w', weights(1)]]), folder, nowhere, on);
    await save(disk);
    const part = (await disk.list(folder)).find((name) => name.startsWith('variables-')) ?? '';
    const content = (await readSmall(disk, `${folder}/${part}`)) ?? new Uint8Array();
    await disk.remove(`${folder}/${part}`);
    const copy = await disk.create(`${folder}/${part}`);
    await copy.write(content);
    await copy.close();
    await save(disk);
    for (let i = 0; i < 20; i++) {
      const tensors = await readVariables(folder, nowhere, disk.crashed(chance));
      expect(versionOf(tensors.get('w'))).toBe(1);
    }
  });
});
