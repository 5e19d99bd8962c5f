/** Typed arrays in texts: their bytes in base64, little-endian on every machine. */
import { endianness } from 'node:os';

const kinds = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

export type TypedArray = InstanceType<(typeof kinds)[keyof typeof kinds]>;

/** No subclass, such as Buffer: it would come back as another thing. */
export function isTypedArray(value: object): value is TypedArray {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Object.values(kinds).some((kind) => kind.prototype === prototype);
}

/** A multiple of three bytes has no padding, and of eight no broken number. */
const bytesPerPiece = 3 * 8 * 8192;

/** A text of JSON, in pieces. */
export function* encodeArray(values: TypedArray): Generator<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  yield `{"$":["${values.constructor.name}","`;
  for (let from = 0; from < bytes.length; from += bytesPerPiece) {
    const piece = Buffer.from(bytes.subarray(from, from + bytesPerPiece));
    yield inLittleEndian(piece, values.BYTES_PER_ELEMENT).toString('base64');
  }
  yield '"]}';
}

/** Undefined where it is none. */
export function decodeArray(kind: string, text: unknown): TypedArray | undefined {
  if (typeof text !== 'string' || !Object.hasOwn(kinds, kind)) return undefined;
  const create = kinds[kind as keyof typeof kinds];
  const bytes = Buffer.from(text, 'base64');
  const isExact = bytes.length % create.BYTES_PER_ELEMENT === 0 && bytes.toString('base64') === text;
  if (!isExact) return undefined;
  // A copy begins where any number may.
  return new create(Uint8Array.from(inLittleEndian(bytes, create.BYTES_PER_ELEMENT)).buffer);
}

function inLittleEndian(bytes: Buffer, perElement: number): Buffer {
  if (endianness() === 'LE' || perElement === 1) return bytes;
  if (perElement === 2) return bytes.swap16();
  return perElement === 4 ? bytes.swap32() : bytes.swap64();
}
