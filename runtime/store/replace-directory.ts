/** Writes a directory of files so that a crash at any moment leaves the old one or the new one, whole. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { RUN808 } from '../../compiler/diagnostics/run.ts';
import type { Span } from '../../compiler/ir/span.ts';

export type Files = ReadonlyMap<string, Uint8Array | string>;

/** Where the old directory lies while the new one takes its place; whoever reads looks there when nothing else is. */
export function previousOf(directory: string): string {
  return `${resolve(directory)}.previous`;
}

/**
 * Written beside, each file fsynced, the directory fsynced, then renamed into place and the parent fsynced. `mine` is a
 * file that every directory of this kind has; a directory without it is somebody else's and is not replaced.
 */
async function replaceDirectory(directory: string, files: Files, mine: string): Promise<void> {
  const target = resolve(directory);
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  const occupied = await exists(target);
  if (occupied && !(await isReplaceable(target, mine))) throw new Occupied(target);
  const fresh = join(parent, `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(fresh);
    for (const [name, content] of files) await writeDurably(join(fresh, name), content);
    await syncDirectory(fresh);
    const previous = previousOf(target);
    if (occupied) {
      await rm(previous, { recursive: true, force: true });
      await rename(target, previous);
    }
    await rename(fresh, target);
    await syncDirectory(parent);
    await rm(previous, { recursive: true, force: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** What a kind of directory is called in a refusal, and the file that every one of its kind has. */
export interface DirectoryKind {
  /** `the model` */
  readonly what: string;
  /** `a saved model` */
  readonly saved: string;
  readonly mine: string;
}

/** Replaces a directory that the user named; RUN808 where it cannot be written. */
export async function saveDirectory(
  directory: string,
  files: Files,
  { what, saved, mine }: DirectoryKind,
  span: Span,
): Promise<void> {
  try {
    await replaceDirectory(directory, files, mine);
  } catch (error) {
    refuseBecause(
      RUN808({
        message: `${what} cannot be saved: ${saying(error)}`,
        span,
        expected: `a directory that is new, empty, or holds ${saved}`,
        received: directory,
      }),
      error,
    );
  }
}

/** The place is taken by something that was not saved here. */
export class Occupied extends Error {
  constructor(path: string) {
    super(`${path} exists and is no saved model`);
    this.name = 'Occupied';
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isReplaceable(path: string, mine: string): Promise<boolean> {
  if (await exists(join(path, mine))) return true;
  return (await stat(path)).isDirectory() && (await readdir(path)).length === 0;
}

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows does not open directories, and renames there are durable without it.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
