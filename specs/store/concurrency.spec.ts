/** Several writers of one folder, and readers beside them: each save is whole, each reader sees one, and nobody waits for the dead. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nowhere } from '../../compiler/ir/span.ts';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { Checkpoints, unlockedList } from '../../runtime/store/checkpoints.ts';
import { thisMachine } from '../../runtime/store/folder/machine.ts';
import { nodeFileSystem } from '../../runtime/store/folder/node-file-system.ts';
import { readVariables, saveVariables } from '../../runtime/store/variables.ts';
import { build } from '../cli/millrace.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';
import { versionOf, weights } from './versions.ts';

const count = tally('concurrency', {
  'saves at once': 60,
  'reads beside a writer': 50,
  'saves of several processes': 60,
});

const writer = fileURLToPath(new URL('./writer.mjs', import.meta.url));
let base: string;
beforeAll(async () => {
  build();
  base = await mkdtemp(join(tmpdir(), 'millrace-writers-'));
});
afterAll(() => rm(base, { recursive: true }));

const save = (folder: string, version: number): Promise<void> =>
  saveVariables(new Map([['w', weights(version)]]), folder, nowhere);
const read = async (folder: string): Promise<number> =>
  versionOf((await readVariables(folder, nowhere)).get('w'));

/** Another process that saves; gives what it said. */
async function writing(kind: string, folder: string, from: number, versions: number): Promise<string> {
  const child = spawn(process.execPath, [writer, kind, folder, String(from), String(versions)]);
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  await once(child, 'close');
  return said;
}

describe('writers', () => {
  test('in one process take turns, and the last one stays', async () => {
    const folder = join(base, 'turns');
    const versions = Array.from({ length: runs(60) }, (_, i) => i + 1);
    await Promise.all(versions.map((version) => save(folder, version)));
    count('saves at once', versions.length);
    expect(await read(folder)).toBe(versions.length);
    expect((await readdir(folder)).length).toBe(2);
  });

  test('in several processes wait for each other; readers see one whole save each', async () => {
    const folder = join(base, 'processes');
    await save(folder, 1);
    const versions = runs(20);
    const all = Promise.all([100, 200, 300].map((from) => writing('variables', folder, from, versions)));
    let isOver = false;
    const over = all.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const version = await read(folder);
      expect(version === 1 || (version >= 100 && version % 100 < versions)).toBe(true);
      count('reads beside a writer');
    }
    for (const said of await over) {
      expect(said).not.toContain('refused');
      count('saves of several processes', said.match(/announced/g)?.length ?? 0);
    }
    expect((await readdir(folder)).length).toBe(2);
  });

  test('of checkpoints keep the folder; readers see a whole one at any time', async () => {
    const folder = join(base, 'run');
    const checkpoints = await Checkpoints.open(folder, { keep: 2 });
    expect(await refused(Checkpoints.open(folder))).toMatchObject([{ code: 'STO801' }]);
    const other = writing('checkpoints', folder, 100, 1);
    let isOver = false;
    const reading = (async (): Promise<void> => {
      let last = 0;
      while (!isOver) {
        const newest = await newestCheckpoint(nodeFileSystem, folder, expect.fail);
        const epoch = newest?.generation.epoch ?? 0;
        if (newest) expect(versionOf(newest.tensors.get('weights')?.get('w'))).toBe(epoch);
        expect(epoch).toBeGreaterThanOrEqual(last);
        last = epoch;
        expect((await unlockedList(folder, { verify: true })).damaged).toEqual([]);
        count('reads beside a writer');
      }
    })();
    for (let version = 1; version <= runs(30); version++)
      await checkpoints.write({
        ...{ step: version, epoch: version, time: 0, program: '', state: {} },
        tensors: new Map([['weights', new Map([['w', weights(version)]])]]),
      });
    isOver = true;
    await reading;
    expect(await other).not.toContain('announced');
    await checkpoints.close();
    expect(await writing('checkpoints', folder, 1000, 1)).toContain('announced 1000');
  });
});

describe('a lock', () => {
  const lock = async (folder: string, part: Readonly<Record<string, string | number>>): Promise<string> => {
    const { pid, start, host, boot, space } = { ...(await thisMachine.self()), ...part };
    await mkdir(folder, { recursive: true });
    const path = join(folder, `.millrace-lock-${[pid, start, host, boot, space, '0'.repeat(16)].join('-')}`);
    await writeFile(path, '');
    return path;
  };

  test.each([
    ['of a process that has ended', { pid: 4_000_000 }],
    ['of an older process with the same number', { start: '1' }],
    ['of before the machine was started again', { boot: '01234567' }],
  ])('%s stands in nobody’s way', async (what, part) => {
    // Not only after its silence.
    expect(await thisMachine.lifeOf({ ...(await thisMachine.self()), ...part })).toBe('dead');
    const folder = join(base, what);
    await lock(folder, part);
    await save(folder, 7);
    expect(await read(folder)).toBe(7);
    expect((await readdir(folder)).length).toBe(2);
  });

  test.each([
    ['of another machine', { host: '01234567' }],
    ['of another container', { space: '01234567', pid: 1 }],
    ['of a thread of this process', {}],
  ])('%s stands for as long as it is heard of', async (what, part) => {
    const folder = join(base, what);
    const path = await lock(folder, part);
    const long = new Date(Date.now() - 60_000);
    await utimes(path, long, long);
    await save(folder, 7);
    expect((await readdir(folder)).length).toBe(2);

    await lock(folder, part);
    let isSaved = false;
    const saving = save(folder, 8).then(() => {
      isSaved = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isSaved).toBe(false);
    await rm(path);
    await saving;
    expect(await read(folder)).toBe(8);
  });

  // Where processes have no time of start, only silence tells.
  test.runIf(process.platform === 'linux')('of a living process is refused after a while', async () => {
    const folder = join(base, 'living');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const start = await startOf(child.pid ?? 0);
    await lock(folder, { pid: child.pid ?? 0, start });
    const [problem] = await refused(Checkpoints.open(folder));
    child.kill();
    await once(child, 'close');
    expect(problem).toMatchObject({
      code: 'STO801',
      message: expect.stringContaining(`the process ${child.pid}`),
    });
    await (await Checkpoints.open(folder)).close();
    expect(await readdir(folder)).toEqual([]);
  });
});

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' ? '0' : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0');
}

test.runIf(process.platform === 'linux')('nothing stays open', async () => {
  const folder = join(base, 'open');
  const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
  await save(folder, 1);
  const before = await open();
  for (let version = 2; version < 20; version++) {
    await save(folder, version);
    await read(folder);
  }
  await refused(readVariables(join(base, 'nowhere'), nowhere));
  expect(await open()).toBe(before);
});
