/** The laws of facts: what a card declares of its op, such as `commutative`, holds for special values, too. */
import { byName } from '../../compiler/ir/inputs.ts';
import type { Card, Primitive } from '../../compiler/op/card.ts';
import type { DType } from '../../dsl/tensor.ts';
import { holds } from '../law-test.ts';
import { specials } from '../special-values.ts';

/** As the dtype holds it: the meaning of an int32 op may leave wrapping to its caller. */
const settled = (value: number, dtype: DType): number => (dtype === 'int32' ? value | 0 : value);
const same = (a: number, b: number): boolean => Object.is(a, b) || (a === b && a !== 0);

type Op = (xs: readonly number[], dtype: DType) => number;

/** A fact, and the check that it holds; gives the number of comparisons. */
type Fact = readonly [formula: string, declared: boolean, check: (card: Primitive, f: Op) => number];

const facts = (card: Primitive): readonly Fact[] => [
  ['f(a, b) = f(b, a)', card.commutative === true, commutes],
  ['f(x, e) = x', card.identity !== undefined, keeps],
  ['f(f(x)) = x or f(x)', card.involution === true || card.idempotent === true, twice],
];

/** The declared facts of an elementwise op, each with its check. */
export function declaredFacts(card: Card): { readonly name: string; readonly run: () => number }[] {
  const { kind } = card;
  if (kind !== 'map' && kind !== 'zip') return [];
  const { scalar } = card;
  if (!scalar) return [];
  const f: Op = (xs, dtype) => settled(scalar(byName(card, xs), {}, dtype), dtype);
  return facts(card).flatMap(([formula, declared, check]) =>
    declared ? [{ name: formula, run: () => check(card, f) }] : [],
  );
}

const dtypesOf = ({ inputs }: Primitive): readonly DType[] => Object.values(inputs)[0]?.accepts ?? [];

function commutes(card: Primitive, f: Op): number {
  let count = 0;
  for (const dtype of dtypesOf(card)) {
    for (const a of specials[dtype]) {
      for (const b of specials[dtype]) {
        const [ab, ba] = [f([a, b], dtype), f([b, a], dtype)];
        holds(
          same(ab, ba) || ab === ba,
          () => `${card.name}(${a}, ${b}) is ${ab}, ${card.name}(${b}, ${a}) is ${ba}`,
        );
        count++;
      }
    }
  }
  return count;
}

function keeps(card: Primitive, f: Op): number {
  const { value, side, except = [] } = card.identity ?? { value: 0, side: 'right' };
  let count = 0;
  for (const dtype of dtypesOf(card)) {
    // Whole numbers have no ±∞, and one zero.
    if (dtype !== 'float32' && !Number.isInteger(value)) continue;
    const neutral = dtype === 'float32' ? value : value + 0;
    for (const x of specials[dtype].filter((special) => !except.includes(special))) {
      holds(same(f([x, neutral], dtype), x), () => `${card.name}(${x}, ${neutral}) is not ${x}`);
      if (side === 'both')
        holds(same(f([neutral, x], dtype), x), () => `${card.name}(${neutral}, ${x}) is not ${x}`);
      count++;
    }
  }
  return count;
}

function twice(card: Primitive, f: Op): number {
  let count = 0;
  for (const dtype of dtypesOf(card)) {
    for (const x of specials[dtype]) {
      const once = f([x], dtype);
      const [got, want] = [f([once], dtype), card.involution ? x : once];
      holds(same(got, want), () => `${card.name}(${card.name}(${x})) is ${got}, not ${want}`);
      count++;
    }
  }
  return count;
}
