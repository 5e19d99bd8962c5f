/** Reads a manifest and its parts as one, beside a writer that may replace them meanwhile. */
import { join } from 'node:path';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from './file-system.ts';
import type { Manifest } from './manifest.ts';
import { formatOf, manifestLimit, readManifest } from './manifest.ts';
import { PartMissing, readPart } from './part.ts';
import { isMissing } from './system-error.ts';

/** What a manifest says, and the bytes of its parts by role. */
export interface Whole extends Manifest {
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** Undefined where there is no such manifest; Damaged, with the file, where anything is not as it was written. */
export async function readFolder(
  fs: FileSystem,
  folder: string,
  name: string,
  roles?: readonly string[],
): Promise<Whole | undefined> {
  for (let before: Uint8Array | undefined; ; ) {
    const bytes = await bytesOf(fs, folder, name);
    if (!bytes) return undefined;
    const manifest = await about(name, () => manifestIn(name, bytes));
    try {
      const contents = new Map<string, Uint8Array>();
      for (const [role, part] of manifest.parts)
        if (roles?.includes(role) ?? true) contents.set(role, await readPart(fs, folder, part));
      return { ...manifest, contents };
    } catch (error) {
      if (!(error instanceof PartMissing)) throw error;
      // It is gone for good only if the manifest still asks for it.
      if (before && Buffer.compare(before, bytes) === 0)
        throw new Damaged(error.message, 0, error.file, error);
      before = bytes;
    }
  }
}

/** The manifest alone; undefined where there is none. */
export async function readOnlyManifest(
  fs: FileSystem,
  folder: string,
  name: string,
): Promise<Manifest | undefined> {
  const bytes = await bytesOf(fs, folder, name);
  return bytes && about(name, () => manifestIn(name, bytes));
}

/** Whether a text stands in the first bytes of a file. */
export async function beginsWith(fs: FileSystem, path: string, text: string): Promise<boolean> {
  if ((await fs.stat(path))?.kind !== 'file') return false;
  const file = await fs.open(path);
  try {
    const bytes = new Uint8Array(Math.min(file.bytes, 512));
    return Buffer.from(bytes.subarray(0, await file.read(bytes, 0))).includes(text);
  } finally {
    await file.close();
  }
}

/** A short file as a whole; undefined where there is nothing. Nothing that could be without an end is opened. */
export async function readSmall(fs: FileSystem, path: string): Promise<Uint8Array | undefined> {
  try {
    const found = await fs.stat(path);
    if (!found) return undefined;
    if (found.kind !== 'file') throw new Damaged('this is no file', 0);
    const file = await fs.open(path);
    try {
      if (file.bytes > manifestLimit) throw new Damaged(`the file has ${file.bytes} bytes`, 0);
      const bytes = new Uint8Array(file.bytes);
      return bytes.subarray(0, await file.read(bytes, 0));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function bytesOf(fs: FileSystem, folder: string, name: string): Promise<Uint8Array | undefined> {
  return about(name, () => readSmall(fs, join(folder, name)));
}

function manifestIn(name: string, bytes: Uint8Array): Manifest {
  const format = formatOf(name);
  if (!format) throw new Error(`internal: ${name} is no name of a manifest`);
  return readManifest(format, bytes);
}

/** Says of which file the damage is. */
async function about<T>(name: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Damaged) throw new Damaged(error.message, error.offset, error.file ?? name, error);
    throw error;
  }
}
