/** Every disk that a loss of power may leave holds an old or the new whole, never less than was announced, and can be written to. */
import { describe, expect, test } from 'vitest';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import type { StoredTensor } from '../../runtime/store/safetensors.ts';
import { readVariables, saveVariables } from '../../runtime/store/variables.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { runs, seed } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import type { Chance } from './model-disk.ts';
import { ModelDisk } from './model-disk.ts';

const count = tally('power loss', {
  'moments of variables': 100,
  'moments of checkpoints': 300,
  'disks of variables': 1000,
  'disks of checkpoints': 2000,
  'disks with an older whole': 100,
  'disks with files cut or torn': 100,
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
  return { dtype: 'float32', shape: [size], values: Float32Array.from({ length: size }, (_, i) => version + i / size) };
}

const versionOf = ({ values }: StoredTensor): number => {
  const version = values[0] ?? Number.NaN;
  expect(values).toEqual(weights(version, values.length).values);
  return version;
};

const folder = '/data/runs/power';
const chance = chanceFrom(seed);

/** Runs what writes, and looks at disks after each change; gives how many moments there were. */
async function explore(
  write: (disk: ModelDisk, announce: (version: number) => void) => Promise<void>,
  disksPerMoment: number,
  look: (disk: ModelDisk, announced: number, begun: number) => Promise<void>,
): Promise<{ moments: number; disks: number }> {
  const disk = new ModelDisk();
  let announced = 0;
  const crashes: { disk: ModelDisk; announced: number }[] = [];
  let moments = 0;
  disk.onChange = () => {
    moments++;
    // One way is enough where all is safe.
    for (let i = 0; i < (disk.unsafe > 0 ? disksPerMoment : 1); i++)
      crashes.push({ disk: disk.crashed(chance), announced });
  };
  let latest = 0;
  await write(disk, (version) => {
    announced = version;
    latest = version;
  });
  expect(disk.open_).toBe(0);
  for (const crash of crashes) await look(crash.disk, crash.announced, latest);
  return { moments, disks: crashes.length };
}

describe('after any loss of power', () => {
  test('variables are those before or after the save that was under way', async () => {
    const read = async (disk: ModelDisk): Promise<number> => {
      const tensors = await readVariables(folder, nowhere, disk);
      return versionOf(tensors.get('w')!);
    };
    const save = (disk: ModelDisk, version: number): Promise<void> =>
      saveVariables(new Map([['w', weights(version)]]), folder, nowhere, disk);
    const { moments, disks } = await explore(
      async (disk, announce) => {
        for (let version = 1; version <= 6; version++) {
          await save(disk, version);
          announce(version);
        }
      },
      runs(12),
      async (disk, announced) => {
        if (announced > 0) {
          const found = await read(disk);
          expect([announced, announced + 1]).toContain(found);
          if (found === announced) count('disks with an older whole');
        } else {
          const none = await refused(read(disk).then((found) => expect(found).toBe(1) && refuseNothing()));
          expect(none[0]?.code).toMatch(/RUN808/);
        }
        await save(disk, 77);
        expect(await read(disk)).toBe(77);
        await expectTidy(disk);
      },
    );
    count('moments of variables', moments);
    count('disks of variables', disks);
  });
});
