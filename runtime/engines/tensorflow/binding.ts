/** What of tfjs-node's native module is used: tensors by number, and sessions over SavedModels. */
import { createRequire } from 'node:module';

/** A tensor that a session gave back; it is to be deleted by its number. */
export interface TensorInfo {
  readonly id: number;
}

export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_Version?: string;
  createTensor(
    shape: readonly number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array,
  ): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(directory: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** One session call. Names are of graph tensors, with commas between. */
  runSavedModel(
    model: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): TensorInfo[];
}

export function loadBinding(file: string): Binding {
  // A native module has no types of its own; this is its public face as tfjs-node uses it.
  return createRequire(import.meta.url)(file) as Binding;
}
