/** The members of the language's own values that may be used: pure, or changing only the value they belong to. */
import type { Present } from '../present.ts';

const arrays = [
  'at',
  'concat',
  'entries',
  'every',
  'fill',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flat',
  'flatMap',
  'forEach',
  'includes',
  'indexOf',
  'join',
  'keys',
  'lastIndexOf',
  'map',
  'pop',
  'push',
  'reduce',
  'reduceRight',
  'reverse',
  'shift',
  'slice',
  'some',
  'sort',
  'splice',
  'toReversed',
  'toSorted',
  'toSpliced',
  'unshift',
  'values',
  'with',
] as const;
const strings = [
  'at',
  'charAt',
  'charCodeAt',
  'codePointAt',
  'concat',
  'endsWith',
  'includes',
  'indexOf',
  'lastIndexOf',
  'match',
  'matchAll',
  'normalize',
  'padEnd',
  'padStart',
  'repeat',
  'replace',
  'replaceAll',
  'search',
  'slice',
  'split',
  'startsWith',
  'substring',
  'toLowerCase',
  'toString',
  'toUpperCase',
  'trim',
  'trimEnd',
  'trimStart',
  'valueOf',
] as const;
const numbers = ['toExponential', 'toFixed', 'toPrecision', 'toString', 'valueOf'] as const;
const maps = [
  'clear',
  'delete',
  'entries',
  'forEach',
  'get',
  'has',
  'keys',
  'set',
  'size',
  'values',
] as const;
const sets = ['add', 'clear', 'delete', 'entries', 'forEach', 'has', 'keys', 'size', 'values'] as const;
const typedArrays = arrays.filter(
  (name) =>
    !['concat', 'flat', 'flatMap', 'pop', 'push', 'shift', 'splice', 'toSpliced', 'unshift'].includes(name),
);
const urls = [
  'hash',
  'host',
  'hostname',
  'href',
  'origin',
  'pathname',
  'port',
  'protocol',
  'search',
  'toString',
  'toJSON',
] as const;
const expressions = ['exec', 'test', 'source', 'flags', 'global'] as const;

type Table = readonly [fits: (value: Present) => boolean, names: ReadonlySet<PropertyKey>];

const tables: readonly Table[] = [
  [Array.isArray, new Set(arrays)],
  [(value) => typeof value === 'string', new Set(strings)],
  [
    (value) => typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean',
    new Set(numbers),
  ],
  [(value) => value instanceof Map, new Set(maps)],
  [(value) => value instanceof Set, new Set(sets)],
  [(value) => ArrayBuffer.isView(value), new Set([...typedArrays, 'length', 'set', 'subarray'])],
  [(value) => value instanceof URL, new Set(urls)],
  [(value) => value instanceof RegExp, new Set(expressions)],
  [(value) => value instanceof Error, new Set(['message', 'name'])],
  [(value) => typeof value === 'function', new Set(['name', 'length'])],
  [(value) => Object.getPrototypeOf(value) === Object.prototype, new Set(['hasOwnProperty'])],
];

/** Methods that take what they are given without looking inside. */
const storing = new Set<unknown>([
  Array.prototype.push,
  Array.prototype.unshift,
  Array.prototype.splice,
  Array.prototype.fill,
  Array.prototype.with,
  Array.prototype.concat,
  Map.prototype.set,
  Set.prototype.add,
  Array.of,
]);
/** Methods that change what they belong to. */
const changing = new Set<unknown>([
  ...(['fill', 'pop', 'push', 'reverse', 'shift', 'sort', 'splice', 'unshift'] as const).map(
    (name) => Array.prototype[name],
  ),
  ...(['clear', 'delete', 'set'] as const).map((name) => Map.prototype[name]),
  ...(['add', 'clear', 'delete'] as const).map((name) => Set.prototype[name]),
  ...(['fill', 'reverse', 'set', 'sort'] as const).map((name) => Float32Array.prototype[name]),
]);

export function changesReceiver(method: unknown): boolean {
  return changing.has(method);
}

/** Methods whose callback decides or compares, so that its answer must be known. */
const deciding = new Set<unknown>(
  (
    ['every', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'some', 'sort', 'toSorted'] as const
  ).map((name) => Array.prototype[name]),
);
/** Methods that make as many elements as they are told. */
const sizing = new Set<unknown>([
  String.prototype.repeat,
  String.prototype.padStart,
  String.prototype.padEnd,
]);
const functions = new Set<unknown>();

for (const [prototype, names] of [
  [Array.prototype, arrays],
  [String.prototype, strings],
  [Number.prototype, numbers],
  [Boolean.prototype, numbers],
  [BigInt.prototype, numbers],
  [Map.prototype, maps],
  [Set.prototype, sets],
  [RegExp.prototype, expressions],
  [URL.prototype, urls],
  [Object.getPrototypeOf(Int8Array.prototype), [...typedArrays, 'set', 'subarray']],
  [Object.prototype, ['hasOwnProperty']],
] as const) {
  for (const name of names) {
    const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof value === 'function') functions.add(value);
  }
}

/** The member, if the value is of the language and the member is on the list. */
export function languageMember(object: Present, key: PropertyKey): { readonly value: unknown } | undefined {
  for (const [fits, names] of tables) {
    if (fits(object))
      return names.has(key) ? { value: (Object(object) as Record<PropertyKey, unknown>)[key] } : undefined;
  }
  return undefined;
}

/** How a function of the language treats what it is given; undefined for functions that are not on the lists. */
export interface Treatment {
  readonly storing: boolean;
  readonly deciding: boolean;
  readonly sizing: boolean;
}

export function treatmentOf(value: unknown): Treatment | undefined {
  if (!functions.has(value)) return undefined;
  return { storing: storing.has(value), deciding: deciding.has(value), sizing: sizing.has(value) };
}

/** Adds functions that globals offer, such as `Math.max`. */
export function allow(value: unknown): void {
  functions.add(value);
}
