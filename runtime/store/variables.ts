/** Variables of a session in a folder: `session.json` names their values, as safetensors. */
import type { Span } from '../../compiler/ir/span.ts';
import { Absent } from './absent.ts';
import { Damaged } from './damaged.ts';
import type { FileSystem } from './folder/file-system.ts';
import { nodeFileSystem } from './folder/node-file-system.ts';
import { readFolder } from './folder/read-folder.ts';
import { pathOf } from './model/save.ts';
import { saveFolder } from './model/save-folder.ts';
import { safetensorsPart, tensorsIn } from './parts.ts';
import { refuseToRead } from './refusals.ts';
import type { Tensors } from './safetensors.ts';

const manifestName = 'session.json';
const what = 'the variables';

/** What was there is replaced, whole or not at all; RUN808 where nothing can be written, STO801 where another writer has the folder. */
export async function saveVariables(
  tensors: Tensors,
  directory: string | URL,
  span: Span,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const parts = new Map([['variables', safetensorsPart('variables', tensors)]]);
  await saveFolder(fs, pathOf(directory), { name: manifestName, facts: {}, parts }, what, span);
}

/** RUN808 where there are none, RUN809 where they are damaged. */
export async function readVariables(
  directory: string | URL,
  span: Span,
  fs: FileSystem = nodeFileSystem,
): Promise<Tensors> {
  const folder = pathOf(directory);
  try {
    const found = await readFolder(fs, folder, manifestName);
    if (!found) throw new Absent(`there is no ${manifestName}`);
    const tensors = tensorsIn(found, 'variables');
    if (!tensors) throw new Damaged('the values are missing', 0, manifestName);
    return tensors;
  } catch (error) {
    return refuseToRead(error, { what, folder, span });
  }
}
