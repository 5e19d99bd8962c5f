/** Every disk that a loss of power may leave holds an old or the new whole, never less than was announced, and can be written to. */
import { describe, expect, test } from 'vitest';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Numbers } from '../../runtime/engines/engine.ts';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { listCheckpoints } from '../../runtime/store/checkpoints/read.ts';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { readSmall } from '../../runtime/store/folder/read-folder.ts';
import type { StoredTensor } from '../../runtime/store/safetensors.ts';
import { readVariables, saveVariables } from '../../runtime/store/variables.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import type { Chance } from './model-disk.ts';
import { ModelDisk } from './model-disk.ts';

const count = tally('power loss', {
  'moments of variables': 200,
  'moments of checkpoints': 500,
  'disks of variables': 1000,
  'disks of checkpoints': 2000,
  'disks with the old': 500,
  'disks with the new': 200,
});

/** xorshift32 */
function chanceFrom(start: number): Chance {
  let state = start | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Three sectors or so, all different from version to version. */
function weights(version: number, size = 300): StoredTensor {
  return {
    dtype: 'float32',
    shape: [size],
    values: Float32Array.from({ length: size }, (_, i) => version + i / size),
  };
}

/** The version that a tensor is of; fails where it is not all of one. */
function versionOf(tensor: StoredTensor | undefined): number {
  const version = Math.floor(tensor?.values[0] ?? Number.NaN);
  const wanted = weights(version, tensor?.values.length);
  expect(Buffer.compare(bytesOf(tensor?.values), bytesOf(wanted.values))).toBe(0);
  return version;
}

const bytesOf = (values: Numbers = new Float32Array()): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

const folder = '/data/runs/power';
const chance = chanceFrom(seed);

interface Scenario {
  readonly what: string;
  /** Writes versions `from` and up; says of each when it was announced. */
  readonly write: (disk: ModelDisk, from: number, announce: (version: number) => void) => Promise<void>;
  /** Gives the version that is found; that it is one of the two that may be is held here. */
  readonly read: (disk: ModelDisk, announced: number) => Promise<number>;
}

/** Loses power after each change, in several ways, and looks at each disk that may be left: now and then by losing power again. Half of the moments are those of a kill, too. */
async function explore(
  { what, write, read }: Scenario,
  disk: ModelDisk,
  before: number,
  depth = 0,
): Promise<void> {
  let announced = before;
  const crashes: { disk: ModelDisk; announced: number }[] = [];
  disk.onChange = () => {
    count(`moments of ${what}`);
    // One is enough where all is safe.
    for (let i = 0; i < (disk.unsafe > 0 ? runs(3) : 1); i++)
      crashes.push({ disk: disk.crashed(chance), announced });
    if (chance(2 * runs(1)) === 0) crashes.push({ disk: disk.killed(), announced });
  };
  await write(disk, before + 1, (version) => {
    announced = version;
  });
  expect(disk.opened).toBe(0);
  for (const [i, crash] of crashes.entries()) {
    const found = await read(crash.disk, crash.announced);
    expect([crash.announced, crash.announced + 1]).toContain(found);
    count(found === crash.announced ? 'disks with the old' : 'disks with the new');
    count(`disks of ${what}`);
    // A process that was killed leaves what is not safe to the next one, which may lose power in turn.
    if (depth === 0 && i % runs(30) === 0) await explore({ what, write, read }, crash.disk, found, 1);
    else if (i % 4 === 0) {
      await write(crash.disk, found + 1, () => {});
      expect(await read(crash.disk, found + versions)).toBe(found + versions);
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
        write: async (disk, from, announce) => {
          for (let version = from; version < from + versions; version++) {
            await saveVariables(new Map([['w', weights(version)]]), folder, nowhere, disk);
            announce(version);
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
      new ModelDisk(),
      0,
    ));

  test('the newest checkpoint is the last that was announced, or the one that was under way', () =>
    explore(
      {
        what: 'checkpoints',
        write: async (disk, from, announce) => {
          const checkpoints = await Checkpoints.open(folder, { keep: 2, fs: disk });
          for (let version = from; version < from + versions; version++) {
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
            announce(version);
          }
          await checkpoints.close();
        },
        read: async (disk, announced) => {
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
          expect(generations.length).toBeGreaterThanOrEqual(Math.min(2, announced));
          if (announced >= 2) expect(generations.find(({ isBest }) => isBest)?.epoch).toBe(2);
          return found;
        },
      },
      new ModelDisk(),
      0,
    ));
});
