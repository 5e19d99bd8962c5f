/** Writes one file of a form that other programs read, under the name that they look for, and over nothing but an export of ours. */
import type { Span } from '../../../compiler/ir/span.ts';
import type { FileSystem } from '../folder/file-system.ts';
import { Folder } from '../folder/folder.ts';
import { nodeFileSystem } from '../folder/node-file-system.ts';
import { refuseToSave } from '../refusals.ts';

export interface Exported {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Stands near the beginning of each file of this kind that we write, and of no other. */
  readonly mark: string;
}

/** Another writer is soon done, or not at all. */
const patience = 10_000;

/** Whole or not at all, and durable when it resolves. RUN808 where it cannot be written, STO801 where another writer has the folder. */
export async function exportFile(
  path: string,
  exported: Exported,
  span: Span,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  try {
    const folder = await Folder.open(fs, path, patience);
    try {
      await folder.replace(exported);
      await folder.tidy();
    } finally {
      await folder.close();
    }
  } catch (error) {
    refuseToSave(error, { what: 'the export', folder: path, span });
  }
}
