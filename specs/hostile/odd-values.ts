/** Values that a program does not expect: some throw when they are looked at, some never end, some are enormous. */
import fc from 'fast-check';

/** Whatever is asked of it, it throws. */
export function untouchable(): object {
  const fails = (): never => {
    throw new Error('untouchable');
  };
  const traps = {
    get: fails,
    has: fails,
    ownKeys: fails,
    getPrototypeOf: fails,
    getOwnPropertyDescriptor: fails,
  };
  return new Proxy({}, traps);
}

/** An array that holds itself. */
export function cyclic(): unknown[] {
  const array: unknown[] = [];
  array.push(array);
  return array;
}

/** `[[[…]]]` */
export function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Throws where the property is read. */
function withGetter(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new RangeError(`no ${name}`);
    },
  });
}

/** Its length is another one each time that it is asked for. */
function unsteady(): unknown[] {
  let length = 0;
  return new Proxy([1, 2, 3, 4], {
    get: (target, key) => {
      if (key !== 'length') return Reflect.get(target, key);
      length = (length + 1) % 7;
      return length;
    },
  });
}

class Loud extends Error {
  override get message(): string {
    throw new Error('not even a message');
  }
}

class Odd extends Error {
  override toString(): string {
    throw new Error('no text');
  }
}

/** Each made anew, with what it is called. */
export const oddValues: readonly (readonly [string, () => unknown])[] = [
  ['an object without a prototype', () => Object.create(null)],
  ['an untouchable proxy', untouchable],
  ['a revoked proxy', () => revoked({})],
  ['a revoked proxy of an array', () => revoked([])],
  ['a revoked proxy of a function', () => revoked(() => 0)],
  ['a symbol', () => Symbol('odd')],
  ['a symbol with a long name', () => Symbol('s'.repeat(1e6))],
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['minus zero', () => -0],
  ['1e39', () => 1e39],
  ['a number beyond integers', () => 2 ** 53],
  ['a bigint', () => 7n],
  ['a bigint of a million digits', () => 10n ** 1_000_000n],
  ['a cyclic array', cyclic],
  ['an array 100,000 deep', () => nested(100_000)],
  ['an array of a million', () => new Array(1e6).fill('x')],
  ['an array with holes', () => new Array(4)],
  ['an array of unsteady length', unsteady],
  ['a text of 16 million', () => 'y'.repeat(1 << 24)],
  ['a text of NUL characters', () => '\0'.repeat(300)],
  ['half a surrogate pair', () => '\ud800'],
  ['an error whose message throws', () => new Loud('x')],
  ['an error whose text throws', () => new Odd('')],
  [
    'an error with a message of its own kind',
    () => Object.assign(new Error(), { message: Object.create(null) }),
  ],
  ['an error without a name', () => Object.assign(new Error(), { name: Symbol('name') })],
  ['an error of a million letters', () => new Error('e'.repeat(1e6))],
  [
    'an object with a text that throws',
    () => ({
      toString: (): never => {
        throw new Error('no');
      },
    }),
  ],
  ['an object whose text is none', () => ({ toString: () => ({}) })],
  ['an object that is its own primitive', () => ({ [Symbol.toPrimitive]: () => Symbol('p') })],
  ['an object with a getter that throws', () => withGetter('x')],
  [
    'an object with 100,000 properties',
    () => Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [i, i])),
  ],
  ['an object with a long property', () => ({ ['k'.repeat(1e6)]: 1 })],
  ['a function', () => () => 0],
  ['a class', () => class {}],
  ['a Date of no time', () => new Date(Number.NaN)],
  ['a DataView', () => new DataView(new ArrayBuffer(8))],
  ['an array of big integers', () => new BigInt64Array(4)],
  [
    'a typed array with another constructor',
    () => Object.defineProperty(new Float32Array(3), 'constructor', { value: undefined }),
  ],
  ['a typed array with NaN', () => Float32Array.of(1, Number.NaN, 3, 4)],
  ['a promise', () => Promise.resolve(1)],
  ['a Map', () => new Map([[1, 2]])],
];

/** Makes one of them, or any value that fast-check knows; a maker, as fast-check itself looks at values. */
export const oddValue: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.constantFrom(...oddValues.map(([, make]) => make)),
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withTypedArray: true,
      withSparseArray: true,
    })
    .map((value) => () => value),
);
