/** einsum against its definition, over random equations; and what it refuses. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { elementAt, tabulate } from '../../compiler/op/values.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { einsum } from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';

const count = tally('einsum', { equations: 300, numbers: 1000 });
const random = randomNumbers(7);

interface Drawn {
  readonly terms: readonly (readonly string[])[];
  readonly result: readonly string[];
}

const letters = ['i', 'j', 'k', 'L', 'm'];
const sizeOf: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, L: 2, m: 1 };

/** One to three operands of up to three axes, letters repeated as they fall, and some of them in the result. */
const drawn: fc.Arbitrary<Drawn> = fc
  .array(fc.array(fc.constantFrom(...letters), { maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .chain((terms) => {
    const used = [...new Set(terms.flat())];
    return fc.shuffledSubarray(used).map((result) => ({ terms, result }));
  });

/** The definition: for each place of the result, the sum over all letters that are not in it. */
function bySums({ terms, result }: Drawn, operands: readonly Values[]): Values {
  const summed = [...new Set(terms.flat())].filter((letter) => !result.includes(letter));
  return tabulate(
    'float32',
    result.map((letter) => sizeOf[letter]!),
    (at) => {
      const place = new Map(result.map((letter, axis) => [letter, at[axis]!]));
      let total = 0;
      tabulate(
        'float32',
        summed.map((letter) => sizeOf[letter]!),
        (deep) => {
          for (const [axis, letter] of summed.entries()) place.set(letter, deep[axis]!);
          total += operands.reduce(
            (product, operand, i) =>
              product *
              elementAt(
                operand,
                terms[i]!.map((letter) => place.get(letter)!),
              ),
            1,
          );
          return 0;
        },
      );
      return total;
    },
  );
}

function valuesOf(shape: readonly number[]): Values {
  return tabulate('float32', shape, () => random() * 4 - 2);
}

function run(equation: string, operands: readonly Values[]): Values {
  const leaves = operands.map(({ shape }, i) => input(`x${i}`, shape, 'float32'));
  const y = nodeOf(einsum(equation, ...leaves));
  expect(problemsOf(y)).toEqual([]);
  return evaluate([y], new Map(leaves.map((leaf, i) => [leaf, operands[i]!])))[0]!;
}

function same(got: Values, want: Values, what: string): void {
  expect([...got.shape], what).toEqual(want.shape);
  want.data.forEach((number, i) => {
    expect(close(got.data[i]!, number, 1e-9, 1e-9), `${what}: ${got.data[i]} for ${number}`).toBe(true);
    count('numbers');
  });
}

test('is what its equation says', () => {
  fc.assert(
    fc.property(drawn, (equation) => {
      const text = `${equation.terms.map((term) => term.join('')).join(',')}->${equation.result.join('')}`;
      const operands = equation.terms.map((term) => valuesOf(term.map((letter) => sizeOf[letter]!)));
      same(run(text, operands), bySums(equation, operands), text);
      count('equations');
    }),
    { numRuns: runs(300) },
  );
});

describe('the short forms', () => {
  const [a, b] = [valuesOf([2, 3]), valuesOf([3, 4])];

  test('without an arrow, letters that occur once, in alphabetical order', () => {
    same(run('kj,ji', [a, b]), run('kj,ji->ik', [a, b]), 'kj,ji');
    same(run('ba', [a]), run('ba->ab', [a]), 'ba');
    const c = valuesOf([5, 2, 3]);
    same(run('b...a', [c]), run('b...a->...ab', [c]), 'b...a');
  });

  test('spaces count for nothing', () => {
    same(run(' ij , jk -> ik ', [a, b]), run('ij,jk->ik', [a, b]), 'spaces');
  });

  test('ellipses stand for any axes, which broadcast', () => {
    const [x, y] = [valuesOf([5, 1, 2, 3]), valuesOf([4, 3, 2])];
    const each = run('...ij,...jk->...ik', [x, y]);
    expect(each.shape).toEqual([5, 4, 2, 2]);
    const [p, q] = [3, 2];
    const part = (values: Values, from: number, shape: number[]): Values => ({
      dtype: 'float32',
      shape,
      data: values.data.slice(from, from + 6),
    });
    const block = run('ij,jk->ik', [part(x, p * 6, [2, 3]), part(y, q * 6, [3, 2])]);
    same({ ...block, data: each.data.slice((p * 4 + q) * 4, (p * 4 + q + 1) * 4) }, block, 'one block');
  });
});

test('keeps the batch symbolic', () => {
  const x = input('x', ['B', 4, 3], 'float32');
  expect(einsum('bij,bkj->bik', x, x).shape).toEqual(['B', 4, 4]);
  expect(einsum('...j->...', x).shape).toEqual(['B', 4]);
});

describe('refuses', () => {
  const a = input('a', [2, 3], 'float32');
  const b = input('b', [4, 5], 'float32');
  const whole = input('whole', [3], 'int32');

  test.each<[string, string, Tensor[], string, string]>([
    ['axes of two sizes', 'ij,jk->ik', [a, b], 'SHP201', "einsum gives 'j' two sizes, 3 and 4"],
    ['too few letters', 'i->i', [a], 'SHP201', 'einsum names 1 axes of operand 1, which has 2'],
    ['too many letters', 'ijk->i', [a], 'SHP201', 'einsum names 3 axes of operand 1, which has 2'],
    [
      'too many for an ellipsis',
      '...ijk->...',
      [a],
      'SHP201',
      'einsum names 3 axes of operand 1, which has 2',
    ],
    ['a result from nowhere', 'ij->ik', [a], 'SHP201', "einsum has 'k' in the result"],
    ['a letter twice in the result', 'ij->ii', [a], 'SHP201', "einsum has 'i' twice in the result"],
    ['a term that is no term', 'i1->i', [a], 'SHP201', "einsum cannot read 'i1'"],
    ['two ellipses in a term', '......->', [a], 'SHP201', "einsum cannot read '......'"],
    ['two arrows', 'ij->i->j', [a], 'SHP201', 'einsum has two arrows'],
    ['another number of operands', 'ij,jk->ik', [a], 'SHP201', 'einsum has 2 operands in the equation'],
    ['no operands', '->', [], 'ARG105', 'einsum takes a list of tensors'],
    ['ellipses that do not broadcast', '...,...->...', [a, b], 'SHP202', 'einsum cannot broadcast'],
    ['an ellipsis that gets lost', '...i->i', [a], 'SHP201', 'einsum loses the axes under the ellipsis'],
    ['mixed dtypes', 'ij,j->i', [a, whole], 'DTY302', 'einsum cannot mix float32 and int32'],
  ])('%s', (_, equation, operands, code, message) => {
    const [problem] = problemsOf(nodeOf(einsum(equation, ...operands)));
    expect(problem).toMatchObject({ code });
    expect(problem!.message).toContain(message);
  });
});
