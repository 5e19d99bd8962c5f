/** Tensors that tell which version of a save they are of, and whether they are all of one. */
import { expect } from 'vitest';
import type { StoredTensor } from '../../runtime/store/safetensors.ts';

/** Some sectors, all different from version to version. */
export function weights(version: number, size = 300): StoredTensor {
  const values = Float32Array.from({ length: size }, (_, i) => version + i / size);
  return { dtype: 'float32', shape: [size], values };
}

/** The version that a tensor is of; fails where it is not all of one. */
export function versionOf(tensor: StoredTensor | undefined): number {
  const version = Math.floor(tensor?.values[0] ?? Number.NaN);
  const wanted = weights(version, tensor?.values.length);
  expect(Buffer.compare(bytesOf(tensor), bytesOf(wanted))).toBe(0);
  return version;
}

function bytesOf(tensor: StoredTensor | undefined): Buffer {
  if (!tensor) return Buffer.alloc(0);
  const { buffer, byteOffset, byteLength } = tensor.values;
  return Buffer.from(buffer, byteOffset, byteLength);
}
