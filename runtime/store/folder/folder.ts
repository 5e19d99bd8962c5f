/**
 * A folder that is written to by one protocol: parts first, then the manifest that names them, each durable before
 * the next. A crash at any moment leaves the old manifest with its parts or the new one with its own; a reader beside
 * the writer sees the same. What we did not write is never touched.
 */
import { dirname, join, resolve } from 'node:path';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from './file-system.ts';
import { Lock } from './lock.ts';
import type { Manifest } from './manifest.ts';
import { formatOf, isOurManifest, manifestText } from './manifest.ts';
import type { Part, PartFact } from './part.ts';
import { isWhole, partName, syncFile, writeTemporary } from './part.ts';
import { digestOf, piecesOf } from './pieces.ts';
import { beginsWith, readSmall } from './read-folder.ts';
import { sweep } from './sweep.ts';
import { codeOf, isMissing } from './system-error.ts';

/** The place is taken by a file of somebody else's. */
export class Occupied extends Error {
  constructor(path: string, what: string) {
    super(`${path} is ${what}`);
    this.name = 'Occupied';
  }
}

export interface Change {
  /** The manifest's name, such as `model.json`; what lay there before is replaced. */
  readonly name: string;
  readonly facts: Manifest['facts'];
  /** By role. */
  readonly parts: ReadonlyMap<string, Part>;
}

export class Folder {
  /** Without links: one that leads here is written through. */
  readonly path: string;
  readonly fs: FileSystem;
  private readonly lock: Lock;
  /** Parts that this writer has seen on the disk, whole and durable. */
  private readonly known = new Map<string, PartFact>();

  private constructor(fs: FileSystem, path: string, lock: Lock) {
    this.fs = fs;
    this.path = path;
    this.lock = lock;
  }

  /** Makes the folder where there is none, and waits at most `patience` milliseconds for another writer. */
  static async open(fs: FileSystem, path: string, patience: number): Promise<Folder> {
    await makeFolders(fs, resolve(path));
    const real = await fs.resolve(resolve(path));
    return new Folder(fs, real, await Lock.take(fs, real, patience));
  }

  /** When it resolves, the change outlives a loss of power. When it fails, what was there before is still there. */
  async commit({ name, facts, parts }: Change): Promise<Manifest> {
    await this.holds(name);
    const fresh: string[] = [];
    let manifest: Manifest;
    let temporary: string | undefined;
    try {
      const written = new Map<string, PartFact>();
      for (const [role, part] of parts) written.set(role, await this.write(part, fresh));
      await this.fs.syncFolder(this.path);
      manifest = { facts, parts: written };
      const text = new TextEncoder().encode(manifestText(formatFor(name), manifest));
      temporary = await writeTemporary(this.fs, this.path, piecesOf(text));
      await this.lock.check();
    } catch (error) {
      for (const path of temporary ? [temporary, ...fresh] : fresh)
        await this.fs.remove(path).catch(() => {});
      for (const path of fresh) this.known.delete(path);
      throw error;
    }
    // From here on both manifests may be the one that the disk keeps, until the folder is safe: no part is removed.
    await this.fs.rename(temporary, join(this.path, name)).catch(async (error: unknown) => {
      await this.fs.remove(temporary).catch(() => {});
      throw error;
    });
    await this.fs.syncFolder(this.path);
    return manifest;
  }

  /** Writes a file of a fixed name, whole or not at all; Occupied where the one there does not have the mark near its beginning. */
  async replace({ name, bytes, mark }: { name: string; bytes: Uint8Array; mark: string }): Promise<void> {
    const path = join(this.path, name);
    if ((await this.fs.stat(path)) && !(await beginsWith(this.fs, path, mark)))
      throw new Occupied(path, 'a file of somebody else’s');
    const temporary = await writeTemporary(this.fs, this.path, piecesOf(bytes));
    await this.fs.rename(temporary, path).catch(async (error: unknown) => {
      await this.fs.remove(temporary).catch(() => {});
      throw error;
    });
    await this.fs.syncFolder(this.path);
  }

  /** Removes manifests, and then all parts that none names. What cannot be removed now is tried again the next time. */
  async tidy(retired: readonly string[] = []): Promise<void> {
    try {
      for (const name of retired) {
        if (await this.holds(name)) await this.fs.remove(join(this.path, name)).catch(unlessMissing);
      }
      // Else a manifest could come back after a loss of power, and its parts not.
      if (retired.length > 0) await this.fs.syncFolder(this.path);
      for (const file of await sweep(this.fs, this.path)) this.known.delete(join(this.path, file));
    } catch {
      // Nothing is lost but room on the disk.
    }
  }

  close(): Promise<void> {
    return this.lock.release();
  }

  /** Whether a manifest of ours, whole or damaged, is there. Throws Occupied where something else has its name. */
  private async holds(name: string): Promise<boolean> {
    const path = join(this.path, name);
    const text = await readSmall(this.fs, path).catch((error: unknown) => {
      if (error instanceof Damaged) throw new Occupied(path, 'no manifest of ours');
      throw error;
    });
    if (text === undefined) return false;
    if (isOurManifest(name, new TextDecoder().decode(text))) return true;
    throw new Occupied(path, 'a file of somebody else’s');
  }

  private async write(part: Part, fresh: string[]): Promise<PartFact> {
    const digest = await digestOf(part.pieces());
    const fact: PartFact = { file: partName(part, digest), ...digest };
    const path = join(this.path, fact.file);
    const known = this.known.get(path);
    if (known?.sha256 === fact.sha256 && (await this.fs.stat(path))?.bytes === fact.bytes) return fact;
    const was = await this.fs.stat(path);
    if (was && (await isWhole(this.fs, this.path, fact))) await syncFile(this.fs, path);
    else {
      const temporary = await writeTemporary(this.fs, this.path, part.pieces(), fact.sha256);
      await this.fs.rename(temporary, path).catch(async (error: unknown) => {
        await this.fs.remove(temporary).catch(() => {});
        throw error;
      });
      if (!was) fresh.push(path);
    }
    this.known.set(path, fact);
    return fact;
  }
}

function formatFor(name: string): NonNullable<ReturnType<typeof formatOf>> {
  const format = formatOf(name);
  if (!format) throw new Error(`internal: ${name} is no name of a manifest`);
  return format;
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/**
 * Each new folder is made durable before the next one is made inside it. Of those that are there already, a crash
 * may have left only the innermost one unsafe.
 */
async function makeFolders(fs: FileSystem, path: string): Promise<void> {
  const found = await fs.stat(path);
  if (found && found.kind !== 'folder') throw new Occupied(path, 'no folder');
  const parent = dirname(path);
  if (parent === path) return;
  if (!found) {
    await makeFolders(fs, parent);
    await fs.makeFolder(path).catch((error: unknown) => {
      // Another writer was faster.
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
  await fs.syncFolder(parent).catch((error: unknown) => {
    // Who may not read a folder did not make this one in it.
    if (found && (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM')) return;
    throw error;
  });
}
