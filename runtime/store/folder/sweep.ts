/** Removes what crashes and older commits left behind: only files that we wrote, and that no manifest needs. */
import { join } from 'node:path';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from './file-system.ts';
import { formatOf, isOurManifest } from './manifest.ts';
import { isOurs, isPartName, isTemporary, mentioned } from './part.ts';
import { readSmall } from './read-folder.ts';

/**
 * For whoever holds the lock, while all of the folder's names are safe on the disk. Gives the names of the parts that
 * were removed. A part that a damaged manifest mentions stays; so does a file whose content is not what its name says.
 */
export async function sweep(fs: FileSystem, folder: string): Promise<readonly string[]> {
  const names = await fs.list(folder);
  const needed = new Set<string>();
  for (const name of names.filter(formatOf)) {
    const text = await textOf(fs, join(folder, name));
    if (isOurManifest(name, text)) for (const file of mentioned(text)) needed.add(file);
  }
  const removed: string[] = [];
  for (const name of names) {
    const isRest = isPartName(name) && !needed.has(name) && (await isOurs(fs, folder, name));
    if (!isRest && !isTemporary(name)) continue;
    await fs.remove(join(folder, name));
    if (isRest) removed.push(name);
  }
  return removed;
}

/** What is no file of a sensible length is no manifest of ours, and needs nothing. */
async function textOf(fs: FileSystem, path: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readSmall(fs, path));
  } catch (error) {
    if (error instanceof Damaged) return '';
    throw error;
  }
}
