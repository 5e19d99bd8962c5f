/** Parts: files that are named by what they hold, so that one that is there never changes. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from './file-system.ts';
import type { Digest, Pieces } from './pieces.ts';
import { digestOf, pieceBytes } from './pieces.ts';
import { isMissing } from './system-error.ts';

/** Something to be written. */
export interface Part {
  /** The file is called `<stem>-<12 digits of its hash>.<extension>`. */
  readonly stem: string;
  readonly extension: 'json' | 'safetensors';
  /** The content, each time from its beginning; it must not change until it is written. */
  readonly pieces: () => Pieces;
}

/** Something that was written. */
export interface PartFact extends Digest {
  readonly file: string;
}

const partPattern = /^[\w.-]{1,80}-([0-9a-f]{12})\.(?:json|safetensors)$/;
const mentionPattern = /(?<=")[\w.-]{1,80}-[0-9a-f]{12}\.(?:json|safetensors)(?=")/g;
const temporaryPattern = /^\.millrace-[0-9a-f]{16}\.tmp$/;

export function partName({ stem, extension }: Part, { sha256 }: Digest): string {
  return `${stem.replaceAll(/[^\w.-]/g, '_').slice(0, 40)}-${sha256.slice(0, 12)}.${extension}`;
}

/** The names of parts in the text of a manifest, whether or not the text is whole. */
export function mentioned(manifest: string): readonly string[] {
  return manifest.match(mentionPattern) ?? [];
}

export function isPartName(name: string): boolean {
  return partPattern.test(name);
}

export function isTemporary(name: string): boolean {
  return temporaryPattern.test(name);
}

/** Whether a file is what its name says: then we wrote it, whoever lost it. */
export async function isOurs(fs: FileSystem, folder: string, name: string): Promise<boolean> {
  const claimed = partPattern.exec(name)?.[1];
  if (claimed === undefined || (await fs.stat(join(folder, name)))?.kind !== 'file') return false;
  return (await digestOf(contentOf(fs, join(folder, name)))).sha256.startsWith(claimed);
}

/** Whether the file is there and holds what it should. */
export async function isWhole(fs: FileSystem, folder: string, part: PartFact): Promise<boolean> {
  try {
    const path = join(folder, part.file);
    const found = await fs.stat(path);
    if (found?.kind !== 'file' || found.bytes !== part.bytes) return false;
    return (await digestOf(contentOf(fs, path))).sha256 === part.sha256;
  } catch (error) {
    if (error instanceof PartMissing) return false;
    throw error;
  }
}

/** Makes a file safe that somebody else may have put there. */
export async function syncFile(fs: FileSystem, path: string): Promise<void> {
  const file = await fs.open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What was to be written was changed meanwhile. */
export class Changed extends Error {
  constructor() {
    super('the values changed while they were being saved');
    this.name = 'Changed';
  }
}

/**
 * Writes to a temporary name and makes that durable; gives the name. Nothing is left where it fails, as it does where
 * the pieces are not those of the digest.
 */
export async function writeTemporary(
  fs: FileSystem,
  folder: string,
  pieces: Pieces,
  sha256?: string,
): Promise<string> {
  const path = join(folder, `.millrace-${randomBytes(8).toString('hex')}.tmp`);
  const file = await fs.create(path);
  try {
    try {
      const hash = createHash('sha256');
      for (const piece of pieces) {
        const writing = file.write(piece);
        if (sha256 !== undefined) hash.update(piece);
        await writing;
      }
      if (sha256 !== undefined && hash.digest('hex') !== sha256) throw new Changed();
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await fs.remove(path).catch(() => {});
    throw error;
  }
  return path;
}

/** A part went away, as it does when a newer one takes its place: whoever reads looks at the manifest again. */
export class PartMissing extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} is missing`);
    this.name = 'PartMissing';
    this.file = file;
  }
}

/** Reads a part; Damaged where it is not what was written, PartMissing where it is gone. Sizes are compared before a byte is read. */
export async function readPart(fs: FileSystem, folder: string, part: PartFact): Promise<Uint8Array> {
  const path = join(folder, part.file);
  const found = await fs.stat(path);
  if (!found) throw new PartMissing(part.file);
  if (found.kind !== 'file') throw new Damaged('this is no file', 0, part.file);
  if (found.bytes !== part.bytes) {
    const what = `the file has ${found.bytes} bytes instead of ${part.bytes}`;
    throw new Damaged(what, Math.min(found.bytes, part.bytes), part.file);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(part.bytes);
  } catch (error) {
    throw new Damaged(`the file is too long for this machine: ${part.bytes} bytes`, 0, part.file, error);
  }
  let at = 0;
  const { sha256 } = await digestOf(contentInto(fs, path, bytes, (done) => (at = done)));
  if (at < part.bytes) throw new Damaged(`the file has ${at} bytes instead of ${part.bytes}`, at, part.file);
  if (sha256 !== part.sha256) throw new Damaged('the checksum of the file does not fit', 0, part.file);
  return bytes;
}

async function* contentInto(
  fs: FileSystem,
  path: string,
  bytes: Uint8Array,
  progress: (at: number) => void,
): AsyncGenerator<Uint8Array> {
  const file = await opened(fs, path);
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      const count = await file.read(piece, at);
      progress(at + count);
      yield piece.subarray(0, count);
      if (count < piece.length) return;
    }
  } finally {
    await file.close();
  }
}

/** All of a file, in pieces that are read over each other. */
async function* contentOf(fs: FileSystem, path: string): AsyncGenerator<Uint8Array> {
  const file = await opened(fs, path);
  try {
    const piece = new Uint8Array(Math.min(file.bytes + 1, pieceBytes));
    for (let at = 0; ; ) {
      const count = await file.read(piece, at);
      if (count > 0) yield piece.subarray(0, count);
      if (count < piece.length) return;
      at += count;
    }
  } finally {
    await file.close();
  }
}

async function opened(fs: FileSystem, path: string): ReturnType<FileSystem['open']> {
  try {
    return await fs.open(path);
  } catch (error) {
    if (isMissing(error)) throw new PartMissing(path);
    throw error;
  }
}
