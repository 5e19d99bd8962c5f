/** Reads what training goes on with from a folder: weights, and the optimizer's slots and step where they were saved. */
import type { StateEntry } from '../../compiler/module.ts';
import type { Schema } from '../../dsl/column.ts';
import { nodeFileSystem } from './folder/node-file-system.ts';
import { readModelFile } from './model/model-file.ts';
import { readModelFolder } from './model/model-folder.ts';
import { pathOf } from './model/save.ts';
import { refuseToRead } from './refusals.ts';
import type { Tensors } from './safetensors.ts';

export interface StoredStates {
  readonly folder: string;
  readonly entries: readonly StateEntry[];
  /** Of the data that it was trained on. */
  readonly schema: Schema;
  /** By id. */
  readonly tensors: Tensors;
  /** Checkpoints that were passed over. */
  readonly damaged: readonly { readonly generation: string; readonly reason: string }[];
}

/** From a saved model or a folder with checkpoints. RUN808 where there is none, RUN809 where it is damaged. */
export async function readStates(directory: string | URL): Promise<StoredStates> {
  const folder = pathOf(directory);
  const damaged: { generation: string; reason: string }[] = [];
  try {
    const found = await readModelFolder(nodeFileSystem, folder, (generation, reason) => {
      damaged.push({ generation, reason });
    });
    const { state: entries, contract } = readModelFile(found.program);
    const tensors = new Map([...found.weights, ...found.training]);
    return { folder, entries, schema: contract.schema, tensors, damaged };
  } catch (error) {
    return refuseToRead(error, { what: 'the saved model', folder });
  }
}
