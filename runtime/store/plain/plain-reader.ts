/** Reads plain data from a text that may be anything. */
import { Damaged } from '../damaged.ts';
import { parseJson } from './parse-json.ts';
import { depthLimit } from './plain-writer.ts';
import { decodeArray } from './typed-array-text.ts';

/** Throws Damaged where the text is none that the writer gives. */
export function decodePlain(text: string): unknown {
  return decoded(parseJson(text), 0);
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
