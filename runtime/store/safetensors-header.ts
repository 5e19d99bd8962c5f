/** The header of a safetensors file: strict JSON, where every key comes once and every number is a plain whole one. */
import { Damaged } from './damaged.ts';

export interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

type Json = string | number | readonly Json[] | ReadonlyMap<string, Json>;

/** Maps and not objects hold what was read, so that no name can mean anything to JavaScript. */
export function parseHeader(bytes: Uint8Array): ReadonlyMap<string, HeaderEntry> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Damaged('the header is not UTF-8', 8);
  }
  const header = new HeaderParser(text).whole();
  const entries = new Map<string, HeaderEntry>();
  for (const [name, value] of header) {
    if (name === '__metadata__') checkMetadata(value);
    else entries.set(name, entryOf(name, value));
  }
  return entries;
}

/** A name in a message: it may be as long as a file. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function checkMetadata(value: Json): void {
  const fine = value instanceof Map && [...value.values()].every((text) => typeof text === 'string');
  if (!fine) throw new Damaged('__metadata__ is not a record of texts', 8);
}

function entryOf(name: string, value: Json): HeaderEntry {
  const wrong = (): never => {
    throw new Damaged(`the entry ${quoted(name)} is not { dtype, shape, data_offsets }`, 8);
  };
  if (!(value instanceof Map) || value.size !== 3) return wrong();
  const [dtype, shape, offsets] = [value.get('dtype'), value.get('shape'), value.get('data_offsets')];
  if (typeof dtype !== 'string' || !isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2)
    return wrong();
  const [begin, end] = offsets as readonly [number, number];
  if (end < begin) return wrong();
  if (!Number.isSafeInteger(shape.reduce((size, dim) => size * dim, 8))) return wrong();
  return { dtype, shape, begin, end };
}

function isNumbers(value: Json | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** JSON of objects, arrays, strings and whole numbers, at most three deep. */
class HeaderParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): ReadonlyMap<string, Json> {
    // The reference reader demands it, so that padding can only follow.
    if (this.text[0] !== '{') return this.fail('the header does not begin with {');
    const value = this.object(0);
    this.space();
    return this.at === this.text.length ? value : this.fail('text follows the header');
  }

  private value(depth: number): Json {
    this.space();
    const next = this.text[this.at];
    if (next === '"') return this.string();
    if (next === '{' && depth < 3) return this.object(depth);
    if (next === '[' && depth < 3) return this.array(depth);
    const number = /^(0|[1-9]\d{0,15})(?![\d.eE])/.exec(this.text.slice(this.at, this.at + 18));
    if (!number || !Number.isSafeInteger(Number(number[0])))
      return this.fail('no value of a header stands here');
    this.at += number[0].length;
    return Number(number[0]);
  }

  private object(depth: number): ReadonlyMap<string, Json> {
    const entries = new Map<string, Json>();
    this.list('{', '}', () => {
      this.space();
      const key = this.string();
      if (entries.has(key)) this.fail(`the key ${quoted(key)} comes twice`);
      this.expect(':');
      entries.set(key, this.value(depth + 1));
    });
    return entries;
  }

  private array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.list('[', ']', () => items.push(this.value(depth + 1)));
    return items;
  }

  private list(open: string, close: string, item: () => void): void {
    this.expect(open);
    if (this.takes(close)) return;
    do item();
    while (this.takes(','));
    this.expect(close);
  }

  private string(): string {
    if (this.text[this.at] !== '"') return this.fail('a text is expected');
    // Not by an expression: one that repeats a choice runs out of stack on a long text.
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === '\\' ? 2 : 1;
    try {
      const value: unknown = JSON.parse(this.text.slice(this.at, end + 1));
      this.at = end + 1;
      return String(value);
    } catch {
      return this.fail('a text is malformed');
    }
  }

  private takes(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string): void {
    if (!this.takes(character)) this.fail(`${character} is expected`);
  }

  private space(): void {
    while (' \n\r\t'.includes(this.text[this.at] ?? '.')) this.at++;
  }

  private fail(what: string): never {
    throw new Damaged(what, 8 + this.at);
  }
}
