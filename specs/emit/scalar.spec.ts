/** Scalar expressions: on vectors, on single lanes and folded to constants they give the bits that JavaScript gives. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel, Stage, Step } from '../../compiler/5-plan/plan.ts';
import { ScalarGraph } from '../../compiler/6-emit/wasm/scalar/scalar-builder.ts';
import { float, integer } from '../../compiler/op/accepts.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import { none } from '../../compiler/op/card.ts';
import { primitiveCard } from '../../compiler/op/define/primitive.ts';
import { integers, reals } from '../../compiler/op/domain.ts';
import { preserving } from '../../compiler/op/type-rules.ts';
import type { DType } from '../../dsl/tensor.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { planOf, runPlan } from './run-plan.ts';
import type { Recipe } from './scalar-oracle.ts';
import { build, floatValue, forms, recipe, wordValue, workOut } from './scalar-oracle.ts';

const count = tally('scalar expressions', { recipes: 200, values: 3000, folded: 200 });
const usedForms = tally('scalar operations', { kinds: Object.keys(forms).length });

/** An op that is this recipe. */
function cardOf(made: Recipe, which: 'f32' | 'i32'): Primitive {
  return primitiveCard({
    name: 'generated',
    kind: 'zip',
    inputs: { a: float, b: float, c: integer, d: integer },
    type: preserving,
    gradient: none('it is a test'),
    lower: { wasm: (s, { a, b, c, d }) => build(s, made, [a, b, c, d], which) },
    domain: { a: reals(), b: reals(), c: integers(), d: integers() },
    examples: [],
  });
}

const inputTypes: readonly DType[] = ['float32', 'float32', 'int32', 'int32'];
const resultTypes = ['f32', 'i32'] as const;

/** Computes both results of the recipe at element `at`, or, with a loop, at all elements. */
function kernelOf(made: Recipe, extents: readonly number[], at: number): Kernel {
  const access = (region: number) => ({ region, strides: extents.map(() => 1), offset: at });
  const reads = inputTypes.map((dtype, region): Step => ({ kind: 'read', access: access(region), dtype }));
  const ops = resultTypes.map(
    (which): Step => ({
      kind: 'op',
      card: cardOf(made, which),
      attributes: {},
      args: [0, 1, 2, 3],
      dtype: which === 'f32' ? 'float32' : 'int32',
    }),
  );
  const stage: Stage = {
    over: 'outer',
    body: [...reads, ...ops],
    stores: resultTypes.map((_, i) => ({ access: access(4 + i), value: 4 + i })),
    folds: [],
  };
  return { kind: 'loop', name: 'generated', outer: extents, inner: [], stages: [stage], spans: [] };
}

const size = 7;
const inputs = fc.tuple(
  ...inputTypes.map((dtype) =>
    fc.array(dtype === 'float32' ? floatValue : wordValue, { minLength: size, maxLength: size }),
  ),
);

test('both forms = JavaScript, to the bit', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(recipe, inputs, (made, columns) => {
      const regions = [...inputTypes, 'float32' as const, 'int32' as const].map((dtype, i) => ({
        name: `r${i}`,
        kind: 'arena' as const,
        dtype,
        shape: [size],
      }));
      const expected = resultTypes.map((which) =>
        Array.from({ length: size }, (_, i) =>
          workOut(
            made,
            columns.map((column) => column[i]!),
            which,
          ),
        ),
      );
      const before = new Map(columns.map((column, i) => [i, column]));
      const vector = runPlan(planOf(regions, [kernelOf(made, [size], 0)], 1), before, 1);
      expect(vector.slice(4)).toEqual(expected);
      const lanes = Array.from({ length: size }, (_, at) => kernelOf(made, [], at));
      expect(runPlan(planOf(regions, lanes, 1), before, 1).slice(4)).toEqual(expected);
      count('recipes');
      count('values', 2 * size);
      for (const { form } of made.steps) {
        if (!seen.has(form)) usedForms('kinds');
        seen.add(form);
      }
    }),
    { numRuns: runs(300) },
  );
});

test('constants fold to what the instructions give', () => {
  fc.assert(
    fc.property(recipe, inputs, (made, columns) => {
      const first = columns.map((column) => column[0]!);
      for (const which of resultTypes) {
        const s = new ScalarGraph();
        const constants = first.map((value, i) =>
          inputTypes[i] === 'float32' ? s.f32(value) : s.i32(value),
        );
        const result = build(s, made, constants, which);
        expect(result.op).toBe('constant');
        expect(result.value).toEqual(workOut(made, first, which));
      }
      count('folded');
    }),
    { numRuns: runs(300) },
  );
});

test('equal expressions are one node', () => {
  const s = new ScalarGraph();
  const x = s.source('f32', 0);
  expect(s.add(s.mul(x, 2), 1)).toBe(s.add(s.mul(x, 2), 1));
  expect(s.f32(0)).not.toBe(s.f32(-0));
  expect(s.bit(s.truth(s.bit(s.lt(x, 1))))).toBe(s.bit(s.lt(x, 1)));
});
