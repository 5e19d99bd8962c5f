/** Commits one change to a folder that is nobody's for longer than that. */
import { resolve } from 'node:path';
import type { Span } from '../../../compiler/ir/span.ts';
import type { FileSystem } from '../folder/file-system.ts';
import type { Change } from '../folder/folder.ts';
import { Folder } from '../folder/folder.ts';
import { inTurn } from '../in-turn.ts';
import { refuseToSave } from '../refusals.ts';

/** How long another process may be writing before it is refused, in milliseconds. */
const patience = 10_000;

/** STO801 where another writer has the folder and keeps it, RUN808 where it cannot be written. */
export async function saveFolder(
  fs: FileSystem,
  path: string,
  change: Change,
  what: string,
  span: Span,
): Promise<void> {
  try {
    await inTurn(resolve(path), async () => {
      const folder = await Folder.open(fs, path, patience);
      try {
        await folder.commit(change);
        await folder.tidy();
      } finally {
        await folder.close();
      }
    });
  } catch (error) {
    refuseToSave(error, { what, folder: path, span });
  }
}
