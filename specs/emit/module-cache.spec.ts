/** Modules kept on disk: given back to the byte, made again when anything is wrong with them, shared by processes. */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { FunctionBody } from '../../compiler/6-emit/wasm/assembler/function.ts';
import { ModuleBuilder } from '../../compiler/6-emit/wasm/assembler/module.ts';
import { cacheFolder } from '../../runtime/engines/wasm/cache-folder.ts';
import { ModuleCache } from '../../runtime/engines/wasm/module-cache.ts';
import { build } from '../cli/millrace.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('damaged modules', { 'bytes changed': 100, 'cut short': 30 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

/** A module that is like no other. */
function moduleNumber(n: number): Uint8Array {
  const f = new FunctionBody({ takes: [], gives: ['i32'] });
  f.i32(n);
  const module = new ModuleBuilder();
  module.export('number', module.add('number', f));
  return module.finish(`number ${n}`, 0);
}

const never = (): Uint8Array => expect.fail('made again');
const theFile = (): string => join(folder, readdirSync(folder)[0]!);

test('a module is made once, by whichever cache of the folder', () => {
  const made = new ModuleCache(folder).get('a plan', () => moduleNumber(1));
  expect(made).toEqual(moduleNumber(1));
  expect(new ModuleCache(folder).get('a plan', never)).toEqual(moduleNumber(1));
  expect(new ModuleCache(folder).get('another plan', () => moduleNumber(2))).toEqual(moduleNumber(2));
  expect(readdirSync(folder)).toHaveLength(2);
});

test('what is damaged is made again, and kept again', () => {
  const make = (): Uint8Array => moduleNumber(7);
  const cache = new ModuleCache(folder);
  cache.get('a plan', make);
  const whole = readFileSync(theFile());
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Uint8Array.from(whole);
      bytes[at] = bytes[at]! ^ change;
      const damaged = change % 4 === 0 ? whole.subarray(0, at) : bytes;
      count(change % 4 === 0 ? 'cut short' : 'bytes changed');
      writeFileSync(theFile(), damaged);
      const remake = vi.fn(make);
      expect(cache.get('a plan', remake)).toEqual(moduleNumber(7));
      expect(remake).toHaveBeenCalledOnce();
      expect(readFileSync(theFile())).toEqual(whole);
      expect(cache.get('a plan', never)).toEqual(moduleNumber(7));
    }),
    { numRuns: runs(200) },
  );
});

test('whole, but no module', () => {
  const cache = new ModuleCache(folder);
  cache.get('a plan', () => Uint8Array.of(1, 2, 3));
  expect(cache.get('a plan', () => moduleNumber(3))).toEqual(moduleNumber(3));
});

test('a folder that cannot be written is done without', () => {
  const file = join(folder, 'file');
  const readOnly = join(folder, 'read-only');
  writeFileSync(file, '');
  mkdirSync(readOnly, { mode: 0o555 });
  for (const closed of [file, join(file, 'below'), readOnly, join(readOnly, 'below')]) {
    const cache = new ModuleCache(closed);
    for (let i = 0; i < 2; i++) expect(cache.get('a plan', () => moduleNumber(4))).toEqual(moduleNumber(4));
  }
});

test('the folder keeps to its size; what was used last stays', () => {
  const size = moduleNumber(100).length + 32;
  const cache = new ModuleCache(folder, 5 * size);
  const age = (path: string, hours: number): void => {
    const then = new Date(Date.now() - hours * 3_600_000);
    utimesSync(path, then, then);
  };
  cache.get('used again', () => moduleNumber(100));
  const first = theFile();
  for (let n = 101; n < 120; n++) {
    for (const name of readdirSync(folder)) age(join(folder, name), 1);
    cache.get('used again', never);
    cache.get(`plan ${n}`, () => moduleNumber(n));
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(5 * size);
  }
  expect(readdirSync(folder)).toHaveLength(5);
  expect(readdirSync(folder).map((name) => join(folder, name))).toContain(first);
});

test('what a crash left half-written goes, but not what is being written', () => {
  const [torn, fresh] = [join(folder, 'a.module.1.ff'), join(folder, 'b.module.2.ee')];
  for (const path of [torn, fresh]) writeFileSync(path, 'half');
  utimesSync(torn, 0, 0);
  new ModuleCache(folder).get('a plan', () => moduleNumber(5));
  expect(readdirSync(folder)).not.toContain('a.module.1.ff');
  expect(readdirSync(folder)).toContain('b.module.2.ee');
});

describe('processes at once', () => {
  beforeAll(build);

  test('each gets its modules whole, whatever the others write and break', async () => {
    const url = new URL('../../dist/runtime/engines/wasm/module-cache.js', import.meta.url).href;
    const script = `
      import { readdirSync, truncateSync } from 'node:fs';
      import { join } from 'node:path';
      import { ModuleCache } from ${JSON.stringify(url)};
      const empty = [0, 97, 115, 109, 1, 0, 0, 0];
      // A module with nothing in it but a section of notes.
      const module = (n) => Uint8Array.from([...empty, 0, 4, 1, 110, n & 127, n >> 7]);
      const [folder, seed] = process.argv.slice(1);
      const cache = new ModuleCache(folder, 4000);
      for (let turn = 0; turn < 400; turn++) {
        const n = (turn * 7 + Number(seed)) % 50;
        const got = cache.get('plan ' + n, () => module(n));
        if (Buffer.compare(got, module(n)) !== 0) throw new Error('another module');
        const names = readdirSync(folder);
        const path = join(folder, names[turn % names.length] ?? 'none');
        if (turn % 5 === 0) try { truncateSync(path, turn % 40); } catch {}
      }
    `;
    const child = (seed: number): Promise<unknown> =>
      new Promise((resolve) => {
        const args = ['--input-type=module', '--eval', script, folder, String(seed)];
        const { stderr } = spawn(process.execPath, args).on('close', (code) => resolve({ code, text }));
        let text = '';
        stderr.on('data', (more) => {
          text += more;
        });
      });
    const ends = await Promise.all([1, 2, 3, 4].map(child));
    expect(ends).toEqual(ends.map(() => ({ code: 0, text: '' })));
  });
});

test('the folder', () => {
  expect(cacheFolder('given')).toBe('given');
  expect(cacheFolder(false)).toBeUndefined();
  vi.stubEnv('MILLRACE_CACHE', 'off');
  expect(cacheFolder(undefined)).toBeUndefined();
  vi.stubEnv('MILLRACE_CACHE', '/somewhere');
  expect(cacheFolder(undefined)).toBe('/somewhere');
  vi.stubEnv('MILLRACE_CACHE', '');
  const above = vi.spyOn(process, 'cwd');
  above.mockReturnValue(join(folder, 'a', 'b'));
  expect(cacheFolder(undefined) ?? '').not.toContain(folder);
  const own = new URL('../../', import.meta.url).pathname;
  above.mockReturnValue(join(own, 'specs', 'emit'));
  expect(cacheFolder(undefined)).toBe(join(own, 'node_modules', '.cache', 'millrace'));
  above.mockImplementation(() => {
    throw new Error('the folder is gone');
  });
  expect(cacheFolder(undefined)).toBeUndefined();
  above.mockRestore();
});
