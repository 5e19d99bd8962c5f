/** The facts and laws that cards declare, on numbers of their domain and on special values. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byName } from '../../compiler/ir/inputs.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { DType } from '../../dsl/tensor.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { cards } from '../../stdlib/cards.ts';
import { documentedCalls } from '../support/documented-calls.ts';
import { runs } from '../support/effort.ts';
import { element, valuesLike } from '../support/sampled-values.ts';
import { specialFloats, specialWholes, truthValues } from '../support/special-values.ts';
import { tally } from '../support/tally.ts';

const count = tally('facts of ops', { facts: 20, 'fact checks': 1500, laws: 70, 'law checks': 3000 });

const specials: Readonly<Record<DType, readonly number[]>> = {
  float32: specialFloats,
  int32: specialWholes,
  bool: truthValues,
};

/** As the dtype holds it: the meaning of an int32 op may leave wrapping to its caller. */
const settled = (value: number, dtype: DType): number => (dtype === 'int32' ? value | 0 : value);
const same = (a: number, b: number): boolean => Object.is(a, b) || (a === b && a !== 0);

const elementwise = cards.filter((card): card is Primitive => card.kind === 'map' || card.kind === 'zip');

describe.each(elementwise.map((card) => [card.name, card] as const))('facts of %s', (_, card) => {
  const dtypes = Object.values(card.inputs)[0]!.accepts;
  const call = (xs: readonly number[], dtype: DType): number =>
    settled(card.scalar!(byName(card, xs), {}, dtype), dtype);

  test.runIf(card.commutative)('f(a, b) = f(b, a)', () => {
    count('facts');
    for (const dtype of dtypes) {
      for (const a of specials[dtype]) {
        for (const b of specials[dtype]) {
          const [ab, ba] = [call([a, b], dtype), call([b, a], dtype)];
          expect(same(ab, ba) || ab === ba, `${card.name}(${a}, ${b})`).toBe(true);
          count('fact checks');
        }
      }
    }
  });

  test.runIf(card.identity)('f(x, e) = x', () => {
    count('facts');
    const { value, side, except = [] } = card.identity!;
    for (const dtype of dtypes) {
      // Whole numbers have no ±∞, and one zero.
      if (dtype !== 'float32' && !Number.isInteger(value)) continue;
      const neutral = dtype === 'float32' ? value : value + 0;
      for (const x of specials[dtype].filter((special) => !except.includes(special))) {
        expect(same(call([x, neutral], dtype), x), `${card.name}(${x}, ${neutral})`).toBe(true);
        if (side === 'both')
          expect(same(call([neutral, x], dtype), x), `${card.name}(${neutral}, ${x})`).toBe(true);
        count('fact checks');
      }
    }
  });

  test.runIf(card.involution || card.idempotent)('f(f(x)) = x or f(x)', () => {
    count('facts');
    for (const dtype of dtypes) {
      for (const x of specials[dtype]) {
        const once = call([x], dtype);
        expect(same(call([once], dtype), card.involution ? x : once), `${card.name} at ${x}`).toBe(true);
        count('fact checks');
      }
    }
  });
});

describe.each(cards.filter(({ laws }) => laws.length > 0).map((card) => [card.name, card] as const))(
  'laws of %s',
  (_, card) => {
    const example = documentedCalls(card)[0]!;
    const [first, ...others] = example.inputs;

    test.each(card.laws.map((law) => [law.formula, law] as const))('%s', (_, law) => {
      count('laws');
      const domain = card.domain[first!.name]!;
      const rest = fc.tuple(...others.map(({ name, values }) => valuesLike(values, card.domain[name]!)));
      fc.assert(
        fc.property(element(domain), element(domain), rest, (a, b, fixed) => {
          const f = (x: number): number => {
            const filled: Values = { ...first!.values, data: first!.values.data.map(() => x) };
            const feeds = new Map([
              [first!.leaf, filled],
              ...others.map(({ leaf }, i) => [leaf, fixed[i]!] as const),
            ]);
            return evaluate([example.node], feeds)[0]!.data[0]!;
          };
          expect(law.holds(f, a, b, 1e-6), `${law.formula} at ${a} and ${b}: ${f(a)}, ${f(b)}`).toBe(true);
          count('law checks');
        }),
        { numRuns: runs(50) },
      );
    });
  },
);

const activations = cards.filter((card) => card.kind === 'composite' && card.family === 'activation');

test.each(activations.map((card) => [card.name, card] as const))('%s hands NaN on', (_, card) => {
  const { inputs, node } = documentedCalls(card)[0]!;
  const spoilt = inputs[0]!.values.data.map(() => Number.NaN);
  const feeds = new Map([[inputs[0]!.leaf, { ...inputs[0]!.values, data: spoilt }]]);
  expect(evaluate([node], feeds)[0]!.data.every(Number.isNaN)).toBe(true);
  count('fact checks');
});
