/** Bytes in the WebAssembly binary format: LEB128 numbers, names, vectors, sections. */

export type ByteList = number[];

/** An unsigned number below 2³², seven bits a byte. */
export function unsigned(out: ByteList, value: number): void {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.push(rest);
}

/** A signed 32-bit number, seven bits a byte. */
export function signed(out: ByteList, value: number): void {
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    out.push(done ? low : low | 0x80);
    if (done) return;
  }
}

const scratch = new DataView(new ArrayBuffer(4));

/** A binary32, little-endian. */
export function float(out: ByteList, value: number): void {
  scratch.setFloat32(0, value, true);
  for (let i = 0; i < 4; i++) out.push(scratch.getUint8(i));
}

/** A 32-bit word, little-endian. */
export function word(out: ByteList, value: number): void {
  out.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

/** The bits of a binary32 as a signed word. */
export function bitsOfFloat(value: number): number {
  scratch.setFloat32(0, value, true);
  return scratch.getInt32(0, true);
}

/** The binary32 that a word's bits stand for. */
export function floatOfBits(bits: number): number {
  scratch.setInt32(0, bits, true);
  return scratch.getFloat32(0, true);
}

export function append(out: ByteList, bytes: ArrayLike<number>): void {
  // A spread would overflow the call stack on long bodies and data.
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i]!);
}

/** Bytes with their length in front. */
export function sized(out: ByteList, bytes: ArrayLike<number>): void {
  unsigned(out, bytes.length);
  append(out, bytes);
}

const encoder = new TextEncoder();

export function name(out: ByteList, text: string): void {
  sized(out, encoder.encode(text));
}

/** 32 bits that differ, as a rule, where bytes do: FNV-1a. */
export function hash(bytes: ArrayLike<number>): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
  return sum;
}

export function sameBytes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Items with their count in front. */
export function list<T>(out: ByteList, items: readonly T[], write: (out: ByteList, item: T) => void): void {
  unsigned(out, items.length);
  for (const item of items) write(out, item);
}

/** A section: its number, its length, its content. */
export function section(out: ByteList, id: number, write: (out: ByteList) => void): void {
  const content: ByteList = [];
  write(content);
  out.push(id);
  sized(out, content);
}
