/** A WebAssembly module in words: its sections, and its functions with their names and sizes. */

const sectionNames = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
];

interface Section {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function moduleText(module: Uint8Array): string {
  const all = sections(module);
  const names = functionNames(all.find(({ name }) => name === 'custom name')?.bytes);
  const code = all.find(({ name }) => name === 'code')?.bytes;
  return [
    `module of ${module.length.toLocaleString('en')} bytes`,
    '',
    'sections',
    ...all.map(({ name, bytes }) => `  ${name.padEnd(12)}  ${bytes.length.toLocaleString('en').padStart(9)}`),
    '',
    'functions',
    ...sizesOf(code).map(
      (size, i) =>
        `  ${String(i).padStart(3)}  ${(names.get(i) ?? '').padEnd(40)}  ${size.toLocaleString('en').padStart(7)} bytes`,
    ),
  ].join('\n');
}

function sections(module: Uint8Array): Section[] {
  const found: Section[] = [];
  const reader = new Reader(module, 8);
  while (!reader.done) {
    const id = reader.byte();
    const bytes = reader.bytes(reader.number());
    if (id !== 0) {
      found.push({ name: sectionNames[id] ?? `section ${id}`, bytes });
      continue;
    }
    const inner = new Reader(bytes);
    found.push({ name: `custom ${inner.text()}`, bytes: inner.rest() });
  }
  return found;
}

/** The second part of the name section maps functions to names. */
function functionNames(section: Uint8Array | undefined): Map<number, string> {
  const names = new Map<number, string>();
  const reader = new Reader(section ?? new Uint8Array());
  while (!reader.done) {
    const id = reader.byte();
    const part = new Reader(reader.bytes(reader.number()));
    if (id !== 1) continue;
    for (let left = part.number(); left > 0; left--) names.set(part.number(), part.text());
  }
  return names;
}

function sizesOf(code: Uint8Array | undefined): number[] {
  if (!code) return [];
  const reader = new Reader(code);
  return Array.from({ length: reader.number() }, () => reader.bytes(reader.number()).length);
}

class Reader {
  private readonly all: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.all = bytes;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.all.length;
  }

  byte(): number {
    return this.all[this.at++] ?? 0;
  }

  /** Unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  bytes(length: number): Uint8Array {
    const part = this.all.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  rest(): Uint8Array {
    return this.bytes(this.all.length - this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.number()));
  }
}
