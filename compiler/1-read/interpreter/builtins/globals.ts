/** The global names of the language: the pure ones as they are, all others as values of the run. */
import type { ts } from 'ts-morph';
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts';
import type { Scope } from '../scope.ts';
import { allow } from './language-members.ts';

const allowed = {
  Math: {
    from: Math as object,
    names: [
      'abs',
      'acos',
      'acosh',
      'asin',
      'asinh',
      'atan',
      'atan2',
      'atanh',
      'cbrt',
      'ceil',
      'clz32',
      'cos',
      'cosh',
      'exp',
      'expm1',
      'floor',
      'fround',
      'hypot',
      'imul',
      'log',
      'log10',
      'log1p',
      'log2',
      'max',
      'min',
      'pow',
      'round',
      'sign',
      'sin',
      'sinh',
      'sqrt',
      'tan',
      'tanh',
      'trunc',
      'E',
      'LN10',
      'LN2',
      'LOG10E',
      'LOG2E',
      'PI',
      'SQRT1_2',
      'SQRT2',
    ],
  },
  Object: {
    from: Object,
    names: [
      'assign',
      'entries',
      'freeze',
      'fromEntries',
      'groupBy',
      'hasOwn',
      'is',
      'isFrozen',
      'keys',
      'values',
    ],
  },
  Array: { from: Array, names: ['from', 'isArray', 'of'] },
  Number: {
    from: Number,
    names: [
      'EPSILON',
      'MAX_SAFE_INTEGER',
      'MAX_VALUE',
      'MIN_SAFE_INTEGER',
      'MIN_VALUE',
      'NEGATIVE_INFINITY',
      'NaN',
      'POSITIVE_INFINITY',
      'isFinite',
      'isInteger',
      'isNaN',
      'isSafeInteger',
      'parseFloat',
      'parseInt',
    ],
  },
  String: { from: String, names: ['fromCharCode', 'fromCodePoint'] },
  JSON: { from: JSON as object, names: ['parse', 'stringify'] },
} as const;

/** Functions that are members of globals, and the constructors that can be called without `new`. */
const namespaces = new Map<string, object>();

for (const [name, { from, names }] of Object.entries(allowed)) {
  const members: Record<string, unknown> = {};
  for (const member of names) {
    const value: unknown = Reflect.get(from, member);
    if (value === undefined) continue;
    members[member] = value;
    if (typeof value === 'function') allow(value);
  }
  // Array(3), Number(x) and String(x) are calls too: a function of our own stands for them, with the members on it.
  if (typeof from === 'function' && name !== 'Object') {
    const stand = (...args: unknown[]): unknown => Reflect.apply(from, undefined, args);
    Object.defineProperty(stand, 'name', { value: name });
    allow(stand);
    namespaces.set(name, Object.assign(stand, members));
  } else {
    namespaces.set(name, Object.freeze(members));
  }
}

/** The real things behind the names, to tell what they have and we do not offer. */
const originals = new Map<unknown, object>(
  Object.entries(allowed).map(([name, { from }]) => [namespaces.get(name), from]),
);

/** Members that give another value in each run. */
const ofTheRun = new Set<unknown>([Math.random]);

/** What a member of a global is that is not offered: `run` when only a run has it, `refused` when it is there. */
export function unoffered(object: unknown, key: PropertyKey): 'run' | 'refused' | undefined {
  const original = originals.get(object);
  if (!original || !(key in original)) return undefined;
  return ofTheRun.has(Reflect.get(original, key)) ? 'run' : 'refused';
}

const constructible = new Map<unknown, new (...args: never[]) => object>([[namespaces.get('Array'), Array]]);
const constructors = {
  Map,
  Set,
  URL,
  Error,
  TypeError,
  RangeError,
  RegExp,
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
};
for (const [name, constructor] of Object.entries(constructors)) {
  // A stand-in, so that members of the real constructor cannot be reached.
  const from = Reflect.get(constructor, 'from') as ((...args: unknown[]) => unknown) | undefined;
  const stand = {
    name,
    ...(from &&
      'BYTES_PER_ELEMENT' in constructor && { from: typedFrom(constructor), of: typedOf(constructor) }),
  };
  namespaces.set(name, stand);
  constructible.set(stand, constructor);
}

function typedFrom(constructor: object): unknown {
  const make = (...args: unknown[]): unknown =>
    Reflect.apply(Reflect.get(constructor, 'from'), constructor, args);
  allow(make);
  return make;
}

function typedOf(constructor: object): unknown {
  const make = (...args: unknown[]): unknown =>
    Reflect.apply(Reflect.get(constructor, 'of'), constructor, args);
  allow(make);
  return make;
}

const values = new Map<string, unknown>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['parseInt', Number.parseInt],
  ['parseFloat', Number.parseFloat],
  ['isNaN', Reflect.get(globalThis, 'isNaN')],
  ['isFinite', Reflect.get(globalThis, 'isFinite')],
  ['structuredClone', structuredClone],
  ['Boolean', truthOf],
  ...namespaces,
]);
for (const name of ['isNaN', 'isFinite', 'structuredClone', 'Boolean']) allow(values.get(name));

function truthOf(value: unknown): boolean {
  return Boolean(value);
}

/** The real constructor behind a name that may follow `new`. */
export function constructorOf(value: unknown): (new (...args: never[]) => object) | undefined {
  return constructible.get(value);
}

/** What an undeclared name means. One that TypeScript does not know is its error, not ours. */
export function globalNamed(node: ts.Identifier, scope: Scope): unknown {
  if (values.has(node.text)) return values.get(node.text);
  const known = scope.world.typeErrors.at(node);
  if (known) throw new DiagnosticError([known]);
  return scope.world.host(`${node.text} exists only when the program runs`, node);
}

/** The functions that say which way a `Math`, `Number` or `JSON` call goes; used to tell tensors apart in messages. */
export const isMathFunction = (value: unknown): boolean =>
  Object.values(namespaces.get('Math') ?? {}).includes(value);
