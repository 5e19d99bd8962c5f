/** The scalar lowering of each elementwise card, held against its meaning over the whole of binary32. */
import { describe, expect, test } from 'vitest';
import { byName, scalarLowering } from '../../compiler/ir/inputs.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import type { LaneType } from '../../compiler/op/scalar.ts';
import type { DType } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { eagerScalars, known, valueOf } from '../../laws/eager-scalars.ts';
import { specialFloats, specialWholes, truthValues } from '../../laws/special-values.ts';
import { cards } from '../../stdlib/cards.ts';
import { runs } from '../support/effort.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';

const count = tally('lowerings', { cards: 25, 'calls of maps': 100_000, 'calls of zips': 90_000 });

const laneOf: Readonly<Record<DType, LaneType>> = { float32: 'f32', int32: 'i32', bool: 'mask' };
const specials: Readonly<Record<DType, readonly number[]>> = {
  float32: specialFloats,
  int32: specialWholes,
  bool: truthValues,
};

const random = randomNumbers(4711);

/** A float of any size, of the everyday sizes, or of the declared domain. */
function anyFloat(card: Primitive, input: string): number {
  const { min, max } = card.domain[input]!;
  const sizes = [
    () => (random() < 0.5 ? -1 : 1) * 2 ** (-149 + random() * 277),
    () => (random() - 0.5) * 220,
    () => min + random() * (max - min),
  ];
  return Math.fround(sizes[Math.floor(random() * sizes.length)]!());
}

function anyValue(card: Primitive, input: string, dtype: DType): number {
  if (random() < 0.05) return specials[dtype][Math.floor(random() * specials[dtype].length)]!;
  if (dtype === 'float32') return anyFloat(card, input);
  if (dtype === 'bool') return Number(random() < 0.5);
  return random() < 0.5 ? Math.floor((random() - 0.5) * 40) : Math.floor((random() - 0.5) * 2 ** 32);
}

/** How far a result may be from the meaning, beside 1e-6 of its size: sums of angles lose digits near the zeros. */
const absolute: Readonly<Record<string, number>> = { sin: 2e-7, cos: 2e-7 };

/** The angles that the float lowerings promise to be good for. */
const within: Readonly<Record<string, number>> = { sin: 1e5, cos: 1e5 };

const asHeld = (value: number, dtype: DType): number => {
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number(value !== 0) : Math.fround(value);
};

function check(card: Primitive, xs: readonly number[], dtypes: readonly DType[], attributes = {}): void {
  if (xs.some((x) => Math.abs(x) > (within[card.name] ?? Number.POSITIVE_INFINITY))) return;
  const types = xs.map((_, i) => ({ dtype: dtypes[i]!, shape: [] }));
  const { dtype } = card.type(byName(card, types), attributes, card.name);
  const meaning = card.scalar!(byName(card, xs), attributes, dtype);
  const want = asHeld(meaning, dtype);
  const lowered = scalarLowering(card)(
    eagerScalars,
    xs.map((x, i) => known(laneOf[dtypes[i]!], x)),
    attributes,
  );
  expect(lowered.type, `${card.name} gives a ${lowered.type}`).toBe(laneOf[dtype]);
  const got = valueOf(lowered);
  const tolerance = card.tolerance.wasm ?? 1e-6;
  const fine = Object.is(got, want) || close(got, want, tolerance, 2 ** -149 + (absolute[card.name] ?? 0));
  if (!fine) expect.fail(`${card.name}(${xs.join(', ')}) of ${dtypes}: ${got} for ${want}`);
}

const elementwise = cards.filter((card): card is Primitive => card.kind === 'map' || card.kind === 'zip');

/** The dtypes that the inputs may have together. */
function combinations(card: Primitive): DType[][] {
  const specs = Object.values(card.inputs);
  const free = specs.at(-1)!.accepts;
  return free.map((dtype) =>
    specs.map(({ accepts }) =>
      accepts.includes(dtype) ? (accepts.length === 1 ? accepts[0]! : dtype) : accepts[0]!,
    ),
  );
}

describe.each(elementwise.map((card) => [card.name, card] as const))('%s', (_, card) => {
  const names = Object.keys(card.inputs);
  const settings =
    card.name === 'cast' ? [{ dtype: 'float32' }, { dtype: 'int32' }, { dtype: 'bool' }] : [{}];

  test('its lowering has its meaning, special values and their signs included', () => {
    count('cards');
    for (const dtypes of combinations(card)) {
      for (const attributes of settings) {
        const lists = names.map((_, i) => specials[dtypes[i]!]);
        for (const xs of product(lists)) check(card, xs, dtypes, attributes);
        for (let i = 0; i < runs(4000); i++) {
          check(
            card,
            names.map((name, k) => anyValue(card, name, dtypes[k]!)),
            dtypes,
            attributes,
          );
          count(card.kind === 'map' ? 'calls of maps' : 'calls of zips');
        }
      }
    }
  });
});

function product(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((rows, list) => rows.flatMap((row) => list.map((x) => [...row, x])), [[]]);
}
