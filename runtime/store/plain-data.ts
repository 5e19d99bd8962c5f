/**
 * Plain data as JSON, and back to the same: what JSON has no word for is a record with the one key `$`, such as
 * `{ "$": ["number", "NaN"] }`. Refused are functions, instances of classes, cycles, and what is nested too deep.
 */
import { Damaged } from './damaged.ts';
import { parseJson } from './parse-json.ts';
import { decodeArray, encodeArray, isTypedArray } from './typed-array-text.ts';

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
const depthLimit = 100;

/**
 * Keeps null, booleans, numbers with NaN, ±∞ and −0, strings, bigints, undefined, dates, arrays, records with or without a
 * prototype, Map, Set, and typed arrays. What stands in two places is written twice. NotPlain for anything else.
 */
export function encodePlain(value: unknown, name = 'state'): string {
  return [...plainTexts(value, name)].join('');
}

/** The same text in short pieces. The value must not change until the last one has been asked for. */
export function* plainTexts(value: unknown, name = 'state'): Generator<string> {
  yield* new Writer().value(value, { name, parent: undefined, depth: 0 });
}

/** Throws Damaged where the text is none that `encodePlain` gives. */
export function decodePlain(text: string): unknown {
  return decoded(parseJson(text), 0);
}

/** A step from the whole to a part of it; joined to a path only where something is refused. */
interface Place {
  readonly name: string;
  readonly parent: Place | undefined;
  readonly depth: number;
}

function pathOf({ name, parent }: Place): string {
  return parent ? pathOf(parent) + name : name;
}

class Writer {
  /** What the present part stands in. */
  private readonly around = new Set<object>();

  *value(value: unknown, place: Place): Generator<string> {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return yield JSON.stringify(value);
      case 'number':
        return yield Number.isFinite(value) && !Object.is(value, -0)
          ? String(value)
          : tagged('number', JSON.stringify(Object.is(value, -0) ? '-0' : String(value)));
      case 'bigint':
        return yield tagged('bigint', `"${value}"`);
      case 'undefined':
        return yield tagged('undefined');
      case 'object':
        return yield* value === null ? ['null'] : this.object(value, place);
      default:
        throw new NotPlain(pathOf(place), `a ${typeof value}`);
    }
  }

  private *object(value: object, place: Place): Generator<string> {
    if (this.around.has(value)) throw new NotPlain(pathOf(place), 'part of itself');
    if (place.depth >= depthLimit) throw new NotPlain(pathOf(place), `nested more than ${depthLimit} deep`);
    this.around.add(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (Array.isArray(value) && prototype === Array.prototype) yield* this.array(value, place);
    else if (prototype === Object.prototype || prototype === null)
      yield* this.record(value, prototype === null, place);
    else if (isTypedArray(value)) yield* encodeArray(value);
    else yield* this.instance(value, prototype, place);
    this.around.delete(value);
  }

  private *array(values: readonly unknown[], place: Place): Generator<string> {
    if (Reflect.ownKeys(values).length !== values.length + 1)
      throw new NotPlain(pathOf(place), 'a list with holes or further properties');
    yield '[';
    for (let i = 0; i < values.length; i++) {
      if (i > 0) yield ',';
      yield* this.value(values[i], inside(place, `[${i}]`));
    }
    yield ']';
  }

  private *record(value: object, isBare: boolean, place: Place): Generator<string> {
    const fields: [string, unknown][] = [];
    for (const key of Reflect.ownKeys(value)) {
      const field = Object.getOwnPropertyDescriptor(value, key);
      if (typeof key === 'symbol' || !field?.enumerable || !('value' in field))
        throw new NotPlain(pathOf(fieldOf(place, String(key))), 'no plain field');
      fields.push([key, field.value]);
    }
    // A user's own key $ must not mean anything to the reader.
    const isAmbiguous = isBare || Object.hasOwn(value, '$');
    if (isAmbiguous) yield `{"$":["${isBare ? 'bare' : 'record'}",`;
    yield '{';
    let separator = '';
    for (const [key, each] of fields) {
      yield `${separator}${JSON.stringify(key)}:`;
      yield* this.value(each, fieldOf(place, key));
      separator = ',';
    }
    yield isAmbiguous ? '}]}' : '}';
  }

  private *instance(value: object, prototype: unknown, place: Place): Generator<string> {
    if (prototype === Date.prototype && value instanceof Date) {
      yield `{"$":["date",`;
      yield* this.value(value.getTime(), place);
      yield ']}';
    } else if (prototype === Map.prototype && value instanceof Map) {
      yield `{"$":["map",`;
      yield* this.array(
        [...value].map(([key, each]) => [key, each]),
        inside(place, '.entries'),
      );
      yield ']}';
    } else if (prototype === Set.prototype && value instanceof Set) {
      yield `{"$":["set",`;
      yield* this.array([...value], inside(place, '.values'));
      yield ']}';
    } else throw new NotPlain(pathOf(place), `an instance of ${nameOf(value)}`);
  }
}

function tagged(tag: string, value?: string): string {
  return value === undefined ? `{"$":["${tag}"]}` : `{"$":["${tag}",${value}]}`;
}

function inside(parent: Place, name: string): Place {
  return { name, parent, depth: parent.depth + 1 };
}

function fieldOf(parent: Place, key: string): Place {
  return inside(parent, /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
}

function nameOf(value: object): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'a class';
}

/** Each level of a value is at most three of its text. */
const textDepthLimit = 4 * depthLimit;

function decoded(value: unknown, depth: number): unknown {
  if (depth > textDepthLimit) return malformed('nested too deep');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => decoded(each, depth + 1));
  return Object.hasOwn(value, '$') ? special(value, depth) : recordFrom(value, {}, depth);
}

function recordFrom(value: object, into: object, depth: number): object {
  // Assigning to __proto__ would set the prototype.
  for (const [key, each] of Object.entries(value))
    Object.defineProperty(into, key, {
      value: decoded(each, depth + 1),
      ...{ enumerable: true, configurable: true, writable: true },
    });
  return into;
}

const numbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

function special(value: object, depth: number): unknown {
  const [only, ...others]: readonly unknown[] = Object.values(value);
  if (others.length > 0 || !Array.isArray(only)) return malformed('not what was written');
  const [tag, content, ...more]: readonly unknown[] = only;
  if (more.length > 0 || typeof tag !== 'string') return malformed('not what was written');
  switch (tag) {
    case 'undefined':
      return only.length === 1 ? undefined : malformed(tag);
    case 'number':
      return typeof content === 'string' && Object.hasOwn(numbers, content)
        ? numbers[content]
        : malformed(tag);
    case 'bigint':
      return typeof content === 'string' && /^(0|-?[1-9]\d*)$/.test(content)
        ? BigInt(content)
        : malformed(tag);
    case 'record':
      return recordFrom(isRecord(content) ? content : malformed(tag), {}, depth);
    case 'bare':
      return recordFrom(isRecord(content) ? content : malformed(tag), Object.create(null), depth);
    case 'date': {
      const time = decoded(content, depth + 1);
      return typeof time === 'number' ? new Date(time) : malformed(tag);
    }
    case 'map': {
      const entries = Array.isArray(content) ? content : malformed(tag);
      return new Map(entries.map((entry) => pairFrom(entry, depth)));
    }
    case 'set': {
      const values = Array.isArray(content) ? content : malformed(tag);
      return new Set(values.map((each) => decoded(each, depth + 1)));
    }
    default:
      return decodeArray(tag, content) ?? malformed(tag);
  }
}

function pairFrom(value: unknown, depth: number): [unknown, unknown] {
  if (!Array.isArray(value) || value.length !== 2) return malformed('map');
  return [decoded(value[0], depth + 2), decoded(value[1], depth + 2)];
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string): never {
  throw new Damaged(`a stored value is malformed: ${what}`.slice(0, 100), 0);
}
