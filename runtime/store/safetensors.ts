/** Weights as safetensors: eight bytes of length, a JSON header, then the numbers, little-endian and without gaps. */
import { endianness } from 'node:os';
import type { StateEntry } from '../../compiler/module.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import type { DType } from '../../dsl/tensor.ts';
import type { Numbers } from '../engines/engine.ts';
import { Damaged } from './damaged.ts';
import { pieceBytes } from './folder/pieces.ts';
import { parseHeader, quoted } from './safetensors-header.ts';

/** A tensor with its dtype and shape. `bool` holds 0 and 1. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: Numbers;
}

export type Tensors = ReadonlyMap<string, StoredTensor>;

/** Those of the states that there are values of. */
export function tensorsOf(
  entries: readonly StateEntry[],
  valuesOf: (id: string) => Numbers | undefined,
): Tensors {
  const tensors = new Map<string, StoredTensor>();
  for (const { id, dtype, shape } of entries) {
    const values = valuesOf(id);
    if (values) tensors.set(id, { dtype, shape, values });
  }
  return tensors;
}

const codes = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<DType, string>;
const dtypes: ReadonlyMap<string, DType> = new Map([
  ['F32', 'float32'],
  ['I32', 'int32'],
  ['BOOL', 'bool'],
]);

/** The longest header that is read, as in the reference implementation. */
const headerLimit = 100_000_000;

/** The same as `safetensorsPieces`, in one. */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const pieces = [...safetensorsPieces(tensors, metadata)].map((piece) => piece.slice());
  return new Uint8Array(Buffer.concat(pieces));
}

/**
 * Tensors come in order of alignment, then name, so that equal tensors give equal bytes. Pieces are written over each
 * other: each is valid until the next one is asked for.
 */
export function* safetensorsPieces(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  const ordered = [...tensors].sort(
    ([a, { dtype: left }], [b, { dtype: right }]) =>
      bytesPer(right) - bytesPer(left) || (a < b ? -1 : Number(a > b)),
  );
  const header = headerOf(ordered, metadata);
  const total = ordered.reduce(
    (sum, [, { dtype, values }]) => sum + values.length * bytesPer(dtype),
    header.length,
  );
  const piece = new Uint8Array(Math.min(total, pieceBytes));
  let filled = 0;
  for (const bytes of contents(header, ordered)) {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + piece.length - filled);
      piece.set(part, filled);
      from += part.length;
      filled += part.length;
      if (filled < piece.length) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

function* contents(
  header: Uint8Array,
  ordered: readonly (readonly [string, StoredTensor])[],
): Generator<Uint8Array> {
  yield header;
  for (const [, { dtype, values }] of ordered) {
    for (let from = 0; from < values.length; from += valuesPerPiece)
      yield bytesOf(dtype, values.subarray(from, from + valuesPerPiece));
  }
}

const valuesPerPiece = pieceBytes / 4;

function headerOf(
  ordered: readonly (readonly [string, StoredTensor])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  // Fields are joined as text: an object would lose a tensor that is called __proto__.
  const fields = [`"__metadata__":${JSON.stringify(metadata)}`];
  let end = 0;
  for (const [name, { dtype, shape, values }] of ordered) {
    if (sizeOf(shape) !== values.length)
      throw new Error(`internal: ${name} has not as many values as its shape`);
    const begin = end;
    end += values.length * bytesPer(dtype);
    const entry = { dtype: codes[dtype], shape, data_offsets: [begin, end] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

/** The values as they lie in a file. */
function bytesOf(dtype: DType, values: Numbers): Uint8Array {
  if (dtype === 'bool') return Uint8Array.from(values, (value) => Number(value !== 0));
  const isOfDtype = values instanceof Float32Array === (dtype === 'float32');
  const same = isOfDtype ? values : dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
  return inFileOrder(new Uint8Array(same.buffer, same.byteOffset, same.byteLength));
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
      throw new Damaged(
        `${quoted(name)} has the dtype ${code.slice(0, 20)}, which is none of F32, I32, BOOL`,
        8,
      );
    if (begin !== expected)
      throw new Damaged(`there is a gap or an overlap before ${quoted(name)}`, start + begin);
    if (end - begin !== sizeOf(shape) * bytesPer(dtype)) {
      throw new Damaged(`${quoted(name)} has not as many bytes as its shape`, start + begin);
    }
    if (end > bytes.length - start)
      throw new Damaged(`${quoted(name)} reaches beyond the file`, start + begin);
    const values = valuesIn(bytes.subarray(start + begin, start + end), dtype, start + begin);
    tensors.set(name, { dtype, shape, values });
    expected = end;
  }
  if (start + expected !== bytes.length) throw new Damaged('bytes follow the last tensor', start + expected);
  return tensors;
}

/** Values of their own: nothing keeps the file in memory. */
function valuesIn(bytes: Uint8Array, dtype: DType, offset: number): Numbers {
  if (dtype === 'bool') {
    const wrong = bytes.findIndex((value) => value > 1);
    if (wrong >= 0) throw new Damaged(`a truth value is ${bytes[wrong]}`, offset + wrong);
    return Int32Array.from(bytes);
  }
  // A copy begins where numbers may begin, wherever the file lies in memory.
  const { buffer } = inFileOrder(new Uint8Array(bytes));
  return dtype === 'float32' ? new Float32Array(buffer) : new Int32Array(buffer);
}

/** Numbers of four bytes in the order of the format, or back; copied only on machines of the other order. */
function inFileOrder(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
function inFileOrder(bytes: Uint8Array): Uint8Array;
function inFileOrder(bytes: Uint8Array): Uint8Array {
  if (endianness() === 'LE') return bytes;
  const copy = new Uint8Array(bytes);
  Buffer.from(copy.buffer).swap32();
  return copy;
}

function bytesPer(dtype: DType): number {
  return dtype === 'bool' ? 1 : 4;
}
