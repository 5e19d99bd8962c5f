/** The newest checkpoint that is whole. */
import { Damaged } from '../damaged.ts';
import type { FileSystem } from '../folder/file-system.ts';
import { nodeFileSystem } from '../folder/node-file-system.ts';
import { refuseToRead } from '../refusals.ts';
import type { Checkpoint, OnDamaged } from './generation.ts';
import { stepOf } from './generation.ts';
import { listCheckpoints, readCheckpoint, reasonOf } from './read.ts';

/** The same on this machine's disk; RUN808 where the folder cannot be read. */
export async function newestIn(folder: string, onDamaged?: OnDamaged): Promise<Checkpoint | undefined> {
  try {
    return await newestCheckpoint(nodeFileSystem, folder, onDamaged);
  } catch (error) {
    return refuseToRead(error, { what: 'the checkpoint', folder });
  }
}

/** Undefined where there is none; `onDamaged` hears of each that is newer, or may be, and is not whole. */
export async function newestCheckpoint(
  fs: FileSystem,
  folder: string,
  onDamaged: OnDamaged = () => {},
): Promise<Checkpoint | undefined> {
  const told = new Set<string>();
  const tell: OnDamaged = (name, reason) => {
    if (!told.has(name)) onDamaged(name, reason);
    told.add(name);
  };
  for (;;) {
    const { generations, damaged } = await listCheckpoints(fs, folder, false);
    let isRetired = false;
    for (const { name, step } of generations) {
      try {
        const found = await readCheckpoint(fs, folder, name);
        isRetired ||= !found;
        if (!found) continue;
        // Of one whose manifest does not read, only the name tells when it was.
        for (const each of damaged) if ((stepOf(each.name) ?? 0) >= step) tell(each.name, each.reason);
        return found;
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        tell(name, reasonOf(error));
      }
    }
    for (const each of damaged) tell(each.name, each.reason);
    // A writer that retires all that were listed has written newer ones meanwhile.
    if (!isRetired) return undefined;
  }
}
