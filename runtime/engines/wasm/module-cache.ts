/** Emitted modules on disk, by content: processes share them, nobody trusts them, and they are only ever an advantage. */
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { webAssembly } from './webassembly.ts';

/** A file is the SHA-256 of a module, then the module. */
const digestBytes = 32;
const ending = '.module';

/** What a crash may have left half-written is removed after so many milliseconds. */
const abandoned = 60 * 60 * 1000;

const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();

export class ModuleCache {
  readonly #folder: string;
  readonly #mostBytes: number;

  /** With more than so many bytes in the folder, the files that were used last stay. */
  constructor(folder: string, mostBytes = 64 * 2 ** 20) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /** The module of this identity: as it was kept, or else as it is made, and kept from now on if the disk allows. */
  get(identity: string, make: () => Uint8Array): Uint8Array {
    const path = join(this.#folder, sha256(identity).toString('hex') + ending);
    const kept = read(path);
    if (kept) return kept;
    const made = make();
    attempt(() => this.#keep(path, made));
    return made;
  }

  /** Under a name of its own first: whoever reads meanwhile finds a whole file or none. */
  #keep(path: string, module: Uint8Array): void {
    mkdirSync(this.#folder, { recursive: true });
    const own = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(own, Buffer.concat([sha256(module), module]), { flag: 'wx' });
      renameSync(own, path);
    } catch (error) {
      attempt(() => rmSync(own, { force: true }));
      throw error;
    }
    this.#tidy();
  }

  #tidy(): void {
    const files = readdirSync(this.#folder).flatMap((name) => {
      const path = join(this.#folder, name);
      // Another process may have removed it by now.
      const { size, mtimeMs } = attempt(() => statSync(path)) ?? {};
      return size === undefined || mtimeMs === undefined ? [] : [{ path, size, mtimeMs }];
    });
    const whole = files.filter(({ path }) => path.endsWith(ending)).sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    const surplus = whole.filter(({ size }) => {
      bytes += size;
      return bytes > this.#mostBytes;
    });
    const torn = files.filter(
      ({ path, mtimeMs }) => !path.endsWith(ending) && mtimeMs < Date.now() - abandoned,
    );
    for (const { path } of [...surplus, ...torn]) attempt(() => rmSync(path, { force: true }));
  }
}

/** The module in a file, if every byte is as it was written. */
function read(path: string): Uint8Array | undefined {
  const file = attempt(() => readFileSync(path));
  if (!file || file.length <= digestBytes) return undefined;
  const module = file.subarray(digestBytes);
  const isWhole = sha256(module).equals(file.subarray(0, digestBytes)) && webAssembly?.validate(module);
  if (!isWhole) return undefined;
  const now = new Date();
  attempt(() => utimesSync(path, now, now));
  return Uint8Array.from(module);
}

/** Nothing that goes wrong on the disk is the program's concern. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
