/** Weights as safetensors: eight bytes of length, a JSON header, then the numbers, little-endian and without gaps. */
import type { DType } from '../../dsl/tensor.ts';
import type { Numbers } from '../engines/engine.ts';
import { Damaged } from './damaged.ts';
import { parseHeader } from './safetensors-header.ts';

/** A tensor with its dtype and shape. `bool` holds 0 and 1. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: Numbers;
}

export type Tensors = ReadonlyMap<string, StoredTensor>;

const codes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<DType, string>;
const dtypes: ReadonlyMap<string, DType> = new Map([
  ['F32', 'float32'],
  ['I32', 'int32'],
  ['BOOL', 'bool'],
]);

/** The longest header that is read, as in the reference implementation. */
const headerLimit = 100_000_000;

/** Tensors come in order of alignment, then name, so that equal tensors give equal bytes. */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const ordered = [...tensors].sort(
    ([a, { dtype: left }], [b, { dtype: right }]) =>
      bytesPer(right) - bytesPer(left) || (a < b ? -1 : Number(a > b)),
  );
  // Fields are joined as text: an object would lose a tensor that is called __proto__.
  const fields = [`"__metadata__":${JSON.stringify(metadata)}`];
  let end = 0;
  for (const [name, { dtype, shape, values }] of ordered) {
    if (count(shape) !== values.length)
      throw new Error(`internal: ${name} has not as many values as its shape`);
    const begin = end;
    end += values.length * bytesPer(dtype);
    const entry = { dtype: codes[dtype], shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const [, { dtype, values }] of ordered) {
    for (const value of values) {
      if (dtype === 'float32') view.setFloat32(at, value, true);
      else if (dtype === 'int32') view.setInt32(at, value, true);
      else view.setUint8(at, value === 0 ? 0 : 1);
      at += bytesPer(dtype);
    }
  }
  return bytes;
}

/** Throws Damaged at the first thing that is not as the format demands: nothing is guessed or mended. */
export function decodeSafetensors(bytes: Uint8Array): Tensors {
  if (bytes.length < 8) throw new Damaged('the file is shorter than the length of its header', 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(headerLimit)) throw new Damaged(`the header claims ${length} bytes`, 0);
  const start = 8 + Number(length);
  if (start > bytes.length) throw new Damaged('the header is longer than the file', 0);
  const entries = parseHeader(bytes.subarray(8, start));
  const tensors = new Map<string, StoredTensor>();
  let expected = 0;
  for (const [name, { dtype: code, shape, begin, end }] of [...entries].sort(
    (a, b) => a[1].begin - b[1].begin || a[1].end - b[1].end,
  )) {
    const dtype = dtypes.get(code);
    if (!dtype)
      throw new Damaged(`${JSON.stringify(name)} has the dtype ${code}, which is none of F32, I32, BOOL`, 8);
    if (begin !== expected)
      throw new Damaged(`there is a gap or an overlap before ${JSON.stringify(name)}`, start + begin);
    if (end - begin !== count(shape) * bytesPer(dtype)) {
      throw new Damaged(`${JSON.stringify(name)} has not as many bytes as its shape`, start + begin);
    }
    if (end > bytes.length - start)
      throw new Damaged(`${JSON.stringify(name)} reaches beyond the file`, start + begin);
    tensors.set(name, { dtype, shape, values: readValues(view, start + begin, dtype, count(shape)) });
    expected = end;
  }
  if (start + expected !== bytes.length) throw new Damaged('bytes follow the last tensor', start + expected);
  return tensors;
}

function readValues(view: DataView, from: number, dtype: DType, length: number): Numbers {
  if (dtype === 'float32') {
    return Float32Array.from({ length }, (_, i) => view.getFloat32(from + i * 4, true));
  }
  if (dtype === 'int32') return Int32Array.from({ length }, (_, i) => view.getInt32(from + i * 4, true));
  return Int32Array.from({ length }, (_, i) => {
    const value = view.getUint8(from + i);
    if (value > 1) throw new Damaged(`a truth value is ${value}`, from + i);
    return value;
  });
}

function bytesPer(dtype: DType): number {
  return dtype === 'bool' ? 1 : 4;
}

function count(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}
