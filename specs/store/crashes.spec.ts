/** Real processes, killed at every call of the disk and at system calls, and calls that fail: the old or the new is there, whole. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nowhere } from '../../compiler/ir/span.ts';
import { newestCheckpoint } from '../../runtime/store/checkpoints/newest.ts';
import { nodeFileSystem } from '../../runtime/store/folder/node-file-system.ts';
import { readVariables } from '../../runtime/store/variables.ts';
import { build } from '../cli/millrace.ts';
import { effort } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { versionOf } from './versions.ts';

type Kind = 'variables' | 'checkpoints';

const writer = fileURLToPath(new URL('./writer.mjs', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'millrace-crashes-'));
beforeAll(build);
afterAll(() => rmSync(base, { recursive: true }));

const hasStrace = spawnSync('strace', ['-V']).status === 0;
if (!hasStrace)
  console.log('crashes: system calls are not looked at, there is no strace here (apt-get install strace)');

const count = tally('crashes', {
  'kills at calls of the disk': 15,
  ...(hasStrace && { 'kills at system calls': 10, 'system calls that failed': 10, 'renames in order': 5 }),
});

interface Ran {
  readonly isKilled: boolean;
  /** The last version that was announced; 0 for none. */
  readonly announced: number;
  readonly refused: readonly string[];
  readonly calls: number;
}

interface Way {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of strace, under which it runs. */
  readonly strace?: readonly string[];
}

function run(kind: Kind, folder: string, from: number, versions: number, { env, strace }: Way = {}): Ran {
  const node = [process.execPath, writer, kind, folder, String(from), String(versions)];
  const [file = '', ...args] = strace ? ['strace', '-f', '-qq', ...strace, ...node] : node;
  // One thread does all calls of the disk, so that they can be counted.
  const environment = { ...process.env, ...env, UV_THREADPOOL_SIZE: '1' };
  const { stdout, signal, status } = spawnSync(file, args, { encoding: 'utf8', env: environment });
  const numbers = (word: string): number[] =>
    [...stdout.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) => Number(number));
  return {
    isKilled: signal === 'SIGKILL' || status === 137,
    announced: numbers('announced').at(-1) ?? 0,
    refused: [...stdout.matchAll(/^refused (.*)$/gm)].map(([, code = '']) => code),
    calls: numbers('calls').at(-1) ?? 0,
  };
}

/** The version in the folder, all of it; 0 where there is none. Nothing may be damaged. */
async function found(kind: Kind, folder: string): Promise<number> {
  if (kind === 'checkpoints') {
    const newest = await newestCheckpoint(nodeFileSystem, folder, (name, reason) =>
      expect.fail(`${name}: ${reason}`),
    );
    if (newest) expect(versionOf(newest.tensors.get('weights')?.get('w'))).toBe(newest.generation.epoch);
    return newest?.generation.epoch ?? 0;
  }
  try {
    return versionOf((await readVariables(folder, nowhere)).get('w'));
  } catch (error) {
    expect(error).toMatchObject({ diagnostics: [{ code: 'RUN808' }] });
    return 0;
  }
}

/** After a process ended somewhere in the versions 2 to 3 over one that was there, and after the next one has written. */
async function expectSound(kind: Kind, folder: string, { announced }: Ran): Promise<void> {
  const version = await found(kind, folder);
  expect(version).toBeGreaterThanOrEqual(Math.max(announced, 1));
  expect(version).toBeLessThanOrEqual(3);
  expect(run(kind, folder, 4, 2)).toMatchObject({ announced: 5, refused: [] });
  expect(await found(kind, folder)).toBe(5);
  // A manifest and its weights; of two checkpoints, with a state each and one program.
  expect(readdirSync(folder).length).toBe(kind === 'variables' ? 2 : 7);
}

let folders = 0;
const templates = new Map<Kind, string>();

/** A folder with version 1 in it. */
function begun(kind: Kind): string {
  const folder = join(base, `${kind}-${folders++}`, 'deep');
  const template = templates.get(kind);
  if (template !== undefined) cpSync(template, folder, { recursive: true });
  else {
    expect(run(kind, folder, 1, 1)).toMatchObject({ announced: 1, refused: [] });
    templates.set(kind, join(base, `${kind}-template`));
    cpSync(folder, join(base, `${kind}-template`), { recursive: true });
  }
  return folder;
}

/** Numbers up to the last: some, spread evenly, by default, and all with MILLRACE_RUNS. */
function sampled(last: number, usual: number): number[] {
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const every = effort > 1 ? 1 : Math.max(1, Math.ceil(last / usual));
  return all.filter((number) => number % every === 0);
}

describe.each<Kind>(['variables', 'checkpoints'])('%s', (kind) => {
  test('a process that is killed at a call of the disk leaves the old or the new', async () => {
    const { calls } = run(kind, begun(kind), 2, 2, { env: { COUNT_CALLS: '1' } });
    expect(calls).toBeGreaterThan(30);
    for (const number of sampled(calls, 9)) {
      const folder = begun(kind);
      const ran = run(kind, folder, 2, 2, { env: { KILL_AT: String(number) } });
      expect(ran.isKilled).toBe(true);
      await expectSound(kind, folder, ran);
      count('kills at calls of the disk');
    }
  });

  test.runIf(hasStrace)('so does one that is killed at a system call', async () => {
    for (const [call, number] of callsOf(kind)) {
      const folder = begun(kind);
      const inject = `inject=${call}:signal=KILL:when=${number}`;
      const ran = run(kind, folder, 2, 2, {
        strace: ['-e', `trace=${call}`, '-e', inject, '-o', '/dev/null'],
      });
      expect(ran.isKilled).toBe(true);
      await expectSound(kind, folder, ran);
      count('kills at system calls');
    }
  });

  test.runIf(hasStrace)(
    'a system call that fails is a typed refusal, or nothing but room on the disk',
    async () => {
      for (const [call, number] of callsOf(kind)) {
        for (const error of effort > 1
          ? ['EIO', 'ENOSPC', 'EDQUOT']
          : [number % 2 === 0 ? 'EIO' : 'ENOSPC']) {
          const folder = begun(kind);
          const inject = `inject=${call}:error=${error}:when=${number}`;
          const ran = run(kind, folder, 2, 2, {
            strace: ['-e', `trace=${call}`, '-e', inject, '-o', '/dev/null'],
          });
          expect(ran.isKilled).toBe(false);
          expect(ran.refused.filter((code) => code !== 'RUN808')).toEqual([]);
          await expectSound(kind, folder, ran);
          count('system calls that failed');
        }
      }
    },
  );

  test.runIf(hasStrace)(
    'every name is given to a file that is safe, and is safe itself before it is announced',
    () => {
      const folder = begun(kind);
      const log = join(base, `${kind}.log`);
      const trace = 'trace=fsync,rename,renameat,renameat2,unlink,write';
      expect(run(kind, folder, 2, 3, { strace: ['-y', '-e', trace, '-o', log] })).toMatchObject({
        announced: 4,
      });
      const calls = callsIn(readFileSync(log, 'utf8'));
      const firstAfter = (from: number, is: (call: Call) => boolean): number => {
        const at = calls.findIndex((call, i) => i > from && is(call));
        return at < 0 ? Number.POSITIVE_INFINITY : at;
      };
      const isSync = (path: string) => (call: Call) => call.name === 'fsync' && call.paths[0] === path;
      calls.forEach(({ name, paths: [from = '', to = ''] }, at) => {
        if (!name.startsWith('rename') || dirname(to) !== folder) return;
        expect(calls.slice(0, at).some(isSync(from)), `${from} is synced before it is called ${to}`).toBe(
          true,
        );
        const synced = firstAfter(at, isSync(folder));
        const announced = firstAfter(at, (call) => call.text.includes('announced'));
        expect(synced, `${folder} is synced before ${to} is announced`).toBeLessThan(announced);
        // Parts are safe before the manifest that names them is there, and old ones go when the new one is.
        const isManifest = /^(session|checkpoint-\d+)\.json$/.test(to.slice(folder.length + 1));
        if (!isManifest)
          expect(synced).toBeLessThan(
            firstAfter(at, (call) => /\/(session|checkpoint-\d+)\.json/.test(call.text)),
          );
        const isGone = ({ name, text }: Call): boolean => name === 'unlink' && !text.includes('.millrace-');
        if (isManifest) expect(synced).toBeLessThan(firstAfter(at, isGone));
        count('renames in order');
      });
    },
  );
});

/** Which calls of a kind there are in a save, by number; no other thread makes them. */
function callsOf(kind: Kind): [call: string, number: number][] {
  const log = join(base, `${kind}-calls.log`);
  run(kind, begun(kind), 2, 2, { strace: ['-e', 'trace=fsync,rename,unlink,mkdir', '-o', log] });
  const names = callsIn(readFileSync(log, 'utf8')).map(({ name }) => name);
  return ['fsync', 'rename', 'unlink'].flatMap((call) => {
    const last = names.filter((name) => name === call).length;
    expect(last).toBeGreaterThan(1);
    return sampled(last, 3).map((number): [string, number] => [call, number]);
  });
}

interface Call {
  readonly name: string;
  /** The call's own text. */
  readonly text: string;
  /** Paths in it, of open files and of names. */
  readonly paths: readonly string[];
}

/** The calls in a log of strace that went well, as they were finished. */
function callsIn(log: string): readonly Call[] {
  const begun = new Map<string, string>();
  return log.split('\n').flatMap((line): Call[] => {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, rest.slice(0, -'<unfinished ...>'.length));
      return [];
    }
    const text = rest.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(thread) ?? '');
    const name = /^(\w+)\(/.exec(text)?.[1];
    if (name === undefined || / = -1 /.test(text)) return [];
    return [{ name, text, paths: [...text.matchAll(/[<"](\/[^>"]*)[>"]/g)].map(([, path = '']) => path) }];
  });
}
