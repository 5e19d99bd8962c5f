/** Writes plain data as a text, a piece at a time, and says where in the whole something is not plain. */
import type { TypedArray } from './typed-array-text.ts';
import { encodeArray, isTypedArray } from './typed-array-text.ts';

/** Something that is not plain data, and where in the whole it stands, such as `state.hooks[2].seen`. */
export class NotPlain extends Error {
  readonly path: string;

  constructor(path: string, what: string) {
    super(`${path} is ${what}`);
    this.name = 'NotPlain';
    this.path = path;
  }
}

/** Deep enough for any state, and far from where reading or writing would run out of stack. */
export const depthLimit = 100;

/** The text of a value. The value must not change until the last piece has been asked for. */
export function plainTexts(value: unknown, name: string): Generator<string> {
  return new Writer(name).texts(value);
}

/** A list, a record, a Map or a Set that is being written. */
interface Frame {
  readonly value: object;
  readonly parts: readonly unknown[];
  /** Of a record. */
  readonly keys?: readonly string[];
  /** Between the name of the whole and the index, in paths. */
  readonly label: string;
  readonly end: string;
  /** How many parts have been begun. */
  begun: number;
}

/** Characters that are handed over at once. */
const pieceLength = 1 << 15;

/** Keeps a stack of its own, so that it can stop anywhere to hand a piece over. */
class Writer {
  private readonly name: string;
  private readonly stack: Frame[] = [];
  /** What the present part stands in. */
  private readonly around = new Set<object>();
  private text = '';

  constructor(name: string) {
    this.name = name;
  }

  *texts(whole: unknown): Generator<string> {
    yield* this.begin(whole);
    for (let frame = this.stack.at(-1); frame; frame = this.stack.at(-1)) {
      if (this.text.length > pieceLength) yield this.taken();
      const { parts, keys, begun } = frame;
      if (begun === parts.length) this.close(frame);
      else {
        if (begun > 0) this.text += ',';
        if (keys) this.text += `${JSON.stringify(keys[begun])}:`;
        const numbers = keys ? 0 : numbersFrom(parts, begun);
        frame.begun += Math.max(numbers, 1);
        // Long lists of numbers are common, and much faster together.
        if (numbers > 0) this.text += parts.slice(begun, begun + numbers).join();
        else yield* this.begin(parts[begun]);
      }
    }
    yield this.taken();
  }

  private taken(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  /** Writes a value, or all that stands before its parts; only typed arrays are handed over by themselves. */
  private begin(value: unknown): Iterable<string> {
    if (typeof value === 'object' && value !== null) {
      if (isTypedArray(value)) return this.array(value);
      this.open(value);
    } else this.text += this.scalar(value);
    return [];
  }

  private *array(value: TypedArray): Generator<string> {
    yield this.taken();
    yield* encodeArray(value);
  }

  private scalar(value: unknown): string {
    switch (typeof value) {
      case 'object':
        return 'null';
      case 'string':
      case 'boolean':
        return JSON.stringify(value);
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
        return tagged('number', JSON.stringify(Object.is(value, -0) ? '-0' : String(value)));
      case 'bigint':
        return tagged('bigint', `"${value}"`);
      case 'undefined':
        return tagged('undefined');
      default:
        return this.refuse(`a ${typeof value}`);
    }
  }

  private open(value: object): void {
    if (this.around.has(value)) this.refuse('part of itself');
    if (this.stack.length >= depthLimit) this.refuse(`nested more than ${depthLimit} deep`);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) this.list(value);
    else if (prototype === Object.prototype || prototype === null) this.record(value, prototype === null);
    else if (prototype === Map.prototype && value instanceof Map) {
      const entries = [...value].map(([key, each]) => [key, each]);
      this.push({ value, parts: entries, label: '.entries', end: ']]}', begun: 0 }, '{"$":["map",[');
    } else if (prototype === Set.prototype && value instanceof Set)
      this.push({ value, parts: [...value], label: '.values', end: ']]}', begun: 0 }, '{"$":["set",[');
    else if (prototype === Date.prototype && value instanceof Date)
      this.text += tagged('date', this.scalar(value.getTime()));
    else this.refuse(`an instance of ${nameOf(value)}`);
  }

  private list(value: readonly unknown[]): void {
    // Asking a long list for its properties takes longer than writing it.
    const isStrange = value.length < 1000 && Reflect.ownKeys(value).length !== value.length + 1;
    if (isStrange) this.refuse('a list with holes or further properties');
    this.push({ value, parts: value, label: '', end: ']', begun: 0 }, '[');
  }

  private record(value: object, isBare: boolean): void {
    const keys = Object.keys(value);
    const strange = Reflect.ownKeys(value).find((key) => {
      const field = Object.getOwnPropertyDescriptor(value, key);
      return typeof key === 'symbol' || !field?.enumerable || !('value' in field);
    });
    if (strange !== undefined) this.refuse('no plain field', fieldText(String(strange)));
    // A user's own key $ must not mean anything to the reader.
    const isAmbiguous = isBare || keys.includes('$');
    const frame = {
      value,
      parts: Object.values(value),
      keys,
      label: '',
      end: isAmbiguous ? '}]}' : '}',
      begun: 0,
    };
    this.push(frame, isAmbiguous ? `{"$":["${isBare ? 'bare' : 'record'}",{` : '{');
  }

  private push(frame: Frame, start: string): void {
    this.stack.push(frame);
    this.around.add(frame.value);
    this.text += start;
  }

  private close(frame: Frame): void {
    this.stack.pop();
    this.around.delete(frame.value);
    this.text += frame.end;
  }

  private refuse(what: string, field = ''): never {
    const steps = this.stack.map(({ keys, label, begun }) => {
      const key = keys?.[begun - 1];
      return label + (key === undefined ? `[${begun - 1}]` : fieldText(key));
    });
    throw new NotPlain([this.name, ...steps, field].join(''), what);
  }
}

/** How many values from a place are numbers that JSON has, up to a few thousand. */
function numbersFrom(values: readonly unknown[], from: number): number {
  let at = from;
  while (at < values.length && at - from < 4096) {
    const value = values[at];
    if (!Number.isFinite(value) || Object.is(value, -0)) break;
    at++;
  }
  return at - from;
}

function tagged(tag: string, value?: string): string {
  return value === undefined ? `{"$":["${tag}"]}` : `{"$":["${tag}",${value}]}`;
}

function fieldText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function nameOf(value: object): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'a class';
}
