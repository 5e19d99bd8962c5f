/** Damage of checkpoints: every changed bit and every cut is noticed, said, and answered by the generation before. */
import { describe, expect, test } from 'vitest';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { listCheckpoints } from '../../runtime/store/checkpoints/read.ts';
import { Checkpoints } from '../../runtime/store/checkpoints.ts';
import { readSmall } from '../../runtime/store/folder/read-folder.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { chanceFrom } from './chance.ts';
import { ModelDisk } from './model-disk.ts';
import { versionOf, weights } from './versions.ts';

const count = tally('damage', {
  'bits of manifests': 4000,
  'bits of headers': 700,
  'bits of data': 1000,
  cuts: 1000,
  'lost files': 4,
});

const folder = '/runs';
const chance = chanceFrom(seed);
const newestName = 'checkpoint-000000000003';

async function written(): Promise<ModelDisk> {
  const disk = new ModelDisk();
  const checkpoints = await Checkpoints.open(folder, { fs: disk });
  for (let version = 1; version <= 3; version++)
    await checkpoints.write({
      ...{ step: version, epoch: version, time: version, program: 'the same program', state: { version } },
      tensors: new Map([['weights', new Map([['w', weights(version)]])]]),
    });
  await checkpoints.close();
  return disk;
}

const disk = await written();
const files = await disk.list(folder);

/** The file of the newest checkpoint that begins so. */
async function newestFile(stem: string): Promise<string> {
  const manifest = new TextDecoder().decode(await readSmall(disk, `${folder}/${newestName}.json`));
  return stem === 'checkpoint'
    ? `${newestName}.json`
    : (files.find((name) => name.startsWith(stem) && manifest.includes(name)) ?? '');
}

/** Puts other bytes into a file, looks, and puts the old ones back. */
async function withBytes(
  file: string,
  change: (bytes: Uint8Array) => Uint8Array | undefined,
  look: () => Promise<void>,
): Promise<void> {
  const path = `${folder}/${file}`;
  const before = (await readSmall(disk, path)) ?? new Uint8Array();
  const after = change(before.slice());
  await disk.remove(path);
  if (after) await put(path, after);
  await look();
  if (after) await disk.remove(path);
  await put(path, before);
}

async function put(path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.create(path);
  await file.write(bytes);
  await file.close();
}

/** What is found while the newest is damaged: the one before, and a word on it, also by name of the file. */
async function expectFallback(file: string): Promise<void> {
  const said: [string, string][] = [];
  const newest = await newestCheckpoint(disk, folder, (...each) => said.push(each));
  expect(newest?.generation.epoch).toBe(2);
  expect(versionOf(newest?.tensors.get('weights')?.get('w'))).toBe(2);
  expect(said).toEqual([[newestName, expect.stringContaining(file)]]);
  const { generations, damaged } = await listCheckpoints(disk, folder, true);
  expect(generations.map(({ epoch }) => epoch)).toEqual([2, 1]);
  expect(damaged).toEqual([{ name: newestName, reason: expect.stringContaining(file) }]);
}

function flipped(place: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    bytes.set([(bytes[place >> 3] ?? 0) ^ (1 << (place & 7))], place >> 3);
    return bytes;
  };
}

const lengthOf = async (file: string): Promise<number> => (await disk.stat(`${folder}/${file}`))?.bytes ?? 0;

describe('of the newest checkpoint', () => {
  test('each bit of its manifest', async () => {
    const file = await newestFile('checkpoint');
    for (let bit = 0; bit < 8 * (await lengthOf(file)); bit++) {
      await withBytes(file, flipped(bit), () => expectFallback(file));
      count('bits of manifests');
    }
  });

  test('each bit of the header of its weights', async () => {
    const file = await newestFile('weights');
    const header = (await readSmall(disk, `${folder}/${file}`))?.[0] ?? 0;
    expect(header).toBeGreaterThan(80);
    for (let bit = 0; bit < 8 * (8 + header); bit++) {
      await withBytes(file, flipped(bit), () => expectFallback(file));
      count('bits of headers');
    }
  });

  test('bits of its parts', async () => {
    const parts = await Promise.all(['weights', 'state'].map(newestFile));
    for (let i = 0; i < runs(1000); i++) {
      const file = parts[i % 8 === 0 ? 1 : 0] ?? '';
      await withBytes(file, flipped(chance(8 * (await lengthOf(file)))), () => expectFallback(file));
      count('bits of data');
    }
  });

  test('a cut of any of its files, at any length', async () => {
    for (const file of await Promise.all(['checkpoint', 'state', 'weights'].map(newestFile))) {
      for (let length = 0; length < (await lengthOf(file)); length++) {
        await withBytes(
          file,
          (bytes) => bytes.subarray(0, length),
          () => expectFallback(file),
        );
        count('cuts');
      }
    }
  });

  test('a file of it that is gone', async () => {
    for (const file of await Promise.all(['weights', 'state'].map(newestFile))) {
      await withBytes(
        file,
        () => undefined,
        () => expectFallback(file),
      );
      count('lost files');
    }
    // Without its manifest there is no such checkpoint, and nothing to say.
    const file = await newestFile('checkpoint');
    const look = async (): Promise<void> =>
      expect((await newestCheckpoint(disk, folder, expect.fail))?.generation.epoch).toBe(2);
    await withBytes(file, () => undefined, look);
    count('lost files');
  });

  test('a part that all share: then there is none, and each is told', async () => {
    const file = await newestFile('program');
    const told: string[] = [];
    await withBytes(file, flipped(3), async () => {
      expect(await newestCheckpoint(disk, folder, (name) => told.push(name))).toBeUndefined();
    });
    expect(told.length).toBe(3);
    count('lost files');
  });
});

describe('a run that goes on', () => {
  test('writes over a damaged checkpoint, and keeps two that are whole', async () => {
    const copy = disk.killed();
    const file = await newestFile('weights');
    await copy.remove(`${folder}/${file}`);
    const checkpoints = await Checkpoints.open(folder, { keep: 1, fs: copy });
    const write = (step: number): Promise<unknown> =>
      checkpoints.write({
        ...{ step, epoch: step, time: 0, program: 'the same program', state: {} },
        tensors: new Map([['weights', new Map([['w', weights(step)]])]]),
      });
    await write(4);
    expect((await checkpoints.list()).generations.map(({ step }) => step)).toEqual([4, 2]);
    await write(3);
    // The newest is the last that was written, whatever its step: the run went back.
    expect((await checkpoints.newest())?.generation.step).toBe(3);
    expect((await checkpoints.list({ verify: true })).generations.map(({ step }) => step)).toEqual([3, 4]);
    await checkpoints.close();
  });

  test('never removes a file of somebody else’s that is called like a checkpoint', async () => {
    const copy = disk.killed();
    const path = `${folder}/checkpoint-000000000000.json`;
    const foreign = await copy.create(path);
    await foreign.write(new TextEncoder().encode('{"mine": true}'));
    await foreign.close();
    const checkpoints = await Checkpoints.open(folder, { keep: 2, fs: copy });
    for (const step of [5, 6, 7])
      await checkpoints.write({ ...{ step, epoch: 0, time: 0, program: '', state: {} }, tensors: new Map() });
    expect(await copy.stat(path)).toBeDefined();
    expect((await checkpoints.list()).generations.map(({ step }) => step)).toEqual([7, 6]);
    await checkpoints.close();
  });
});
