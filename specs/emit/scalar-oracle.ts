/** Scalar expressions as recipes: built for the emitter, and worked out in JavaScript apart from it. */
import fc from 'fast-check';
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';

type Kind = 'f32' | 'i32' | 'mask';

/** One kind of node: its argument kinds, how it is built, and what it means on numbers (masks as 0 or 1). */
interface Form {
  readonly takes: readonly Kind[];
  readonly gives: Kind;
  readonly build: (s: ScalarBuilder, ...xs: Scalar[]) => Scalar;
  readonly means: (...xs: number[]) => number;
}

const f = Math.fround;
const words = new DataView(new ArrayBuffer(4));
const bits = (x: number): number => {
  words.setFloat32(0, x);
  return words.getInt32(0);
};
const unbits = (x: number): number => {
  words.setInt32(0, x);
  return words.getFloat32(0);
};
const even = (x: number): number => {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 23) return x;
  // Adding and taking away 2²³ rounds in binary32, ties to even; the sign of zero is kept by hand.
  const big = x < 0 || Object.is(x, -0) ? -(2 ** 23) : 2 ** 23;
  const rounded = f(f(x + big) - big);
  return rounded === 0 ? (big < 0 ? -0 : 0) : rounded;
};

const of = (takes: readonly Kind[], gives: Kind, build: Form['build'], means: Form['means']): Form => ({
  takes,
  gives,
  build,
  means,
});
const ff: readonly Kind[] = ['f32', 'f32'];
const ii: readonly Kind[] = ['i32', 'i32'];
const mm: readonly Kind[] = ['mask', 'mask'];

export const forms: Readonly<Record<string, Form>> = {
  addF: of(
    ff,
    'f32',
    (s, a, b) => s.add(a!, b!),
    (a, b) => f(a! + b!),
  ),
  subF: of(
    ff,
    'f32',
    (s, a, b) => s.sub(a!, b!),
    (a, b) => f(a! - b!),
  ),
  mulF: of(
    ff,
    'f32',
    (s, a, b) => s.mul(a!, b!),
    (a, b) => f(a! * b!),
  ),
  divF: of(
    ff,
    'f32',
    (s, a, b) => s.div(a!, b!),
    (a, b) => f(a! / b!),
  ),
  minF: of(
    ff,
    'f32',
    (s, a, b) => s.min(a!, b!),
    (a, b) => Math.min(a!, b!),
  ),
  maxF: of(
    ff,
    'f32',
    (s, a, b) => s.max(a!, b!),
    (a, b) => Math.max(a!, b!),
  ),
  reluF: of(
    ['f32'],
    'f32',
    (s, a) => s.max(a!, 0),
    (a) => Math.max(a!, 0),
  ),
  relu6F: of(
    ['f32'],
    'f32',
    (s, a) => s.min(s.max(a!, 0), 6),
    (a) => Math.min(Math.max(a!, 0), 6),
  ),
  belowZero: of(
    ['f32'],
    'f32',
    (s, a) => s.min(0, a!),
    (a) => Math.min(0, a!),
  ),
  negF: of(
    ['f32'],
    'f32',
    (s, a) => s.neg(a!),
    (a) => -a!,
  ),
  absF: of(
    ['f32'],
    'f32',
    (s, a) => s.abs(a!),
    (a) => Math.abs(a!),
  ),
  sqrt: of(
    ['f32'],
    'f32',
    (s, a) => s.sqrt(a!),
    (a) => f(Math.sqrt(a!)),
  ),
  floor: of(
    ['f32'],
    'f32',
    (s, a) => s.floor(a!),
    (a) => Math.floor(a!),
  ),
  ceil: of(
    ['f32'],
    'f32',
    (s, a) => s.ceil(a!),
    (a) => Math.ceil(a!),
  ),
  trunc: of(
    ['f32'],
    'f32',
    (s, a) => s.trunc(a!),
    (a) => Math.trunc(a!),
  ),
  nearest: of(
    ['f32'],
    'f32',
    (s, a) => s.nearest(a!),
    (a) => even(a!),
  ),
  polynomial: of(
    ['f32'],
    'f32',
    (s, a) => s.polynomial(a!, [1, 0.5, 0.25]),
    (a) => f(f(f(f(0.25 * a!) + 0.5) * a!) + 1),
  ),
  eqF: of(
    ff,
    'mask',
    (s, a, b) => s.eq(a!, b!),
    (a, b) => Number(a === b),
  ),
  ltF: of(
    ff,
    'mask',
    (s, a, b) => s.lt(a!, b!),
    (a, b) => Number(a! < b!),
  ),
  leF: of(
    ff,
    'mask',
    (s, a, b) => s.le(a!, b!),
    (a, b) => Number(a! <= b!),
  ),
  positive: of(
    ['f32'],
    'mask',
    (s, a) => s.lt(0, a!),
    (a) => Number(a! > 0),
  ),
  selectF: of(
    ['mask', 'f32', 'f32'],
    'f32',
    (s, c, a, b) => s.select(c!, a!, b!),
    (c, a, b) => (c ? a! : b!),
  ),
  keepF: of(
    ['mask', 'f32'],
    'f32',
    (s, c, a) => s.select(c!, a!, 0),
    (c, a) => (c ? a! : 0),
  ),
  dropF: of(
    ['mask', 'f32'],
    'f32',
    (s, c, a) => s.select(c!, 0, a!),
    (c, a) => (c ? 0 : a!),
  ),
  toInt: of(
    ['f32'],
    'i32',
    (s, a) => s.toInt(a!),
    (a) => (Number.isNaN(a) ? 0 : Math.min(Math.max(Math.trunc(a!), -(2 ** 31)), 2 ** 31 - 1) | 0),
  ),
  toFloat: of(
    ['i32'],
    'f32',
    (s, a) => s.toFloat(a!),
    (a) => f(a!),
  ),
  maskToFloat: of(
    ['mask'],
    'f32',
    (s, a) => s.toFloat(s.bit(a!)),
    (a) => a!,
  ),
  // The payload of a NaN is nobody's promise: its bits are not looked at.
  bitsOf: of(
    ['f32'],
    'i32',
    (s, a) => s.bitsOf(s.select(s.eq(a!, a!), a!, 1)),
    (a) => bits(Number.isNaN(a) ? 1 : a!),
  ),
  ofBits: of(
    ['i32'],
    'f32',
    (s, a) => s.ofBits(s.and(a!, 0x3fff_ffff)),
    (a) => unbits(a! & 0x3fff_ffff),
  ),
  addI: of(
    ii,
    'i32',
    (s, a, b) => s.add(a!, b!),
    (a, b) => (a! + b!) | 0,
  ),
  subI: of(
    ii,
    'i32',
    (s, a, b) => s.sub(a!, b!),
    (a, b) => (a! - b!) | 0,
  ),
  mulI: of(
    ii,
    'i32',
    (s, a, b) => s.mul(a!, b!),
    (a, b) => Math.imul(a!, b!),
  ),
  minI: of(
    ii,
    'i32',
    (s, a, b) => s.min(a!, b!),
    (a, b) => Math.min(a!, b!),
  ),
  maxI: of(
    ii,
    'i32',
    (s, a, b) => s.max(a!, b!),
    (a, b) => Math.max(a!, b!),
  ),
  negI: of(
    ['i32'],
    'i32',
    (s, a) => s.neg(a!),
    (a) => -a! | 0,
  ),
  absI: of(
    ['i32'],
    'i32',
    (s, a) => s.abs(a!),
    (a) => Math.abs(a!) | 0,
  ),
  andI: of(
    ii,
    'i32',
    (s, a, b) => s.and(a!, b!),
    (a, b) => a! & b!,
  ),
  orI: of(
    ii,
    'i32',
    (s, a, b) => s.or(a!, b!),
    (a, b) => a! | b!,
  ),
  xorI: of(
    ii,
    'i32',
    (s, a, b) => s.xor(a!, b!),
    (a, b) => a! ^ b!,
  ),
  notI: of(
    ['i32'],
    'i32',
    (s, a) => s.not(a!),
    (a) => ~a!,
  ),
  shl: of(
    ['i32'],
    'i32',
    (s, a) => s.shl(a!, 5),
    (a) => a! << 5,
  ),
  shrS: of(
    ['i32'],
    'i32',
    (s, a) => s.shrS(a!, 3),
    (a) => a! >> 3,
  ),
  shrU: of(
    ['i32'],
    'i32',
    (s, a) => s.shrU(a!, 31),
    (a) => (a! >>> 31) | 0,
  ),
  divS: of(
    ii,
    'i32',
    (s, a, b) => s.divS(a!, s.select(s.eq(b!, 0), 1, b!)),
    (a, b) => Math.trunc(a! / (b === 0 ? 1 : b!)) | 0,
  ),
  remS: of(
    ii,
    'i32',
    (s, a, b) => s.remS(a!, s.select(s.eq(b!, 0), 1, b!)),
    (a, b) => (a! % (b === 0 ? 1 : b!)) | 0,
  ),
  eqI: of(
    ii,
    'mask',
    (s, a, b) => s.eq(a!, b!),
    (a, b) => Number(a === b),
  ),
  ltI: of(
    ii,
    'mask',
    (s, a, b) => s.lt(a!, b!),
    (a, b) => Number(a! < b!),
  ),
  leI: of(
    ii,
    'mask',
    (s, a, b) => s.le(a!, b!),
    (a, b) => Number(a! <= b!),
  ),
  selectI: of(
    ['mask', 'i32', 'i32'],
    'i32',
    (s, c, a, b) => s.select(c!, a!, b!),
    (c, a, b) => (c ? a! : b!),
  ),
  truth: of(
    ['i32'],
    'mask',
    (s, a) => s.truth(a!),
    (a) => Number(a !== 0),
  ),
  bit: of(
    ['mask'],
    'i32',
    (s, a) => s.bit(a!),
    (a) => a!,
  ),
  andM: of(
    mm,
    'mask',
    (s, a, b) => s.and(a!, b!),
    (a, b) => a! & b!,
  ),
  orM: of(
    mm,
    'mask',
    (s, a, b) => s.or(a!, b!),
    (a, b) => a! | b!,
  ),
  xorM: of(
    mm,
    'mask',
    (s, a, b) => s.xor(a!, b!),
    (a, b) => a! ^ b!,
  ),
  notM: of(
    ['mask'],
    'mask',
    (s, a) => s.not(a!),
    (a) => 1 - a!,
  ),
  selectM: of(
    ['mask', 'mask', 'mask'],
    'mask',
    (s, c, a, b) => s.select(c!, a!, b!),
    (c, a, b) => (c ? a! : b!),
  ),
};

/** Steps over two floats and two integers; each takes earlier values of the kinds it needs, picked by number. */
export interface Recipe {
  readonly constants: readonly { readonly kind: 'f32' | 'i32'; readonly value: number }[];
  readonly steps: readonly { readonly form: string; readonly picks: readonly number[] }[];
}

export const floatValue = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    -2.5,
    Number.NaN,
    Infinity,
    -Infinity,
    f(1e-40),
    f(3.4e38),
    2 ** 23,
    2 ** 31,
    -(2 ** 31),
  ),
  fc.float({ noNaN: true }),
  fc.integer({ min: -20, max: 20 }).map((x) => x / 4),
);

export const wordValue = fc.oneof(
  fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31)),
  fc.integer(),
  fc.integer({ min: -9, max: 9 }),
);

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  constants: fc.array(
    fc.oneof(
      floatValue.map((value) => ({ kind: 'f32' as const, value })),
      wordValue.map((value) => ({ kind: 'i32' as const, value })),
    ),
    { maxLength: 3 },
  ),
  steps: fc.array(
    fc.record({
      form: fc.constantFrom(...Object.keys(forms)),
      picks: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
});

/** Follows a recipe in any world: `leaf` makes constants, `apply` makes steps; gives all values with their kinds. */
function follow<T>(
  { constants, steps }: Recipe,
  inputs: readonly { readonly kind: Kind; readonly value: T }[],
  leaf: (kind: 'f32' | 'i32', value: number) => T,
  apply: (form: Form, args: T[]) => T,
): { kind: Kind; value: T }[] {
  const values: { kind: Kind; value: T }[] = [
    ...inputs,
    ...constants.map(({ kind, value }) => ({ kind, value: leaf(kind, value) })),
  ];
  for (const { form, picks } of steps) {
    const { takes, gives } = forms[form]!;
    const args = takes.map((kind, i) => {
      const fitting = values.filter((value) => value.kind === kind);
      return fitting[fitting.length - 1 - (picks[i]! % Math.max(fitting.length, 1))]?.value;
    });
    if (args.includes(undefined)) continue;
    values.push({ kind: gives, value: apply(forms[form]!, args as T[]) });
  }
  return values;
}

const kinds: readonly Kind[] = ['f32', 'f32', 'i32', 'i32'];

/** The last float, or the last integer, that the recipe makes. */
export function build(
  s: ScalarBuilder,
  made: Recipe,
  inputs: readonly Scalar[],
  which: 'f32' | 'i32',
): Scalar {
  const values = follow(
    made,
    inputs.map((value, i) => ({ kind: kinds[i]!, value })),
    (kind, value) => (kind === 'f32' ? s.f32(value) : s.i32(value)),
    (form, args) => form.build(s, ...args),
  );
  return values.findLast(({ kind }) => kind === which)!.value;
}

export function workOut(made: Recipe, inputs: readonly number[], which: 'f32' | 'i32'): number {
  const values = follow(
    made,
    inputs.map((value, i) => ({ kind: kinds[i]!, value })),
    (kind, value) => (kind === 'f32' ? f(value) : value | 0),
    (form, args) => form.means(...args),
  );
  return values.findLast(({ kind }) => kind === which)!.value;
}
