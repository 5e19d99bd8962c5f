/** Loop kernels: what the module computes = what the plan means, to the bit, for any shape of kernel. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Kernel, Plan, Step } from '../../compiler/5-plan/plan.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import { cardOf } from '../../compiler/op/card.ts';
import { divide } from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { interpret } from '../support/plan-interpreter.ts';
import { PlanMemory } from '../support/plan-memory.ts';
import { tally } from '../support/tally.ts';
import { Chooser } from './chooser.ts';
import { loopCase } from './loop-case.ts';
import { planOf, runPlan } from './run-plan.ts';

const count = tally('loop kernels', {
  kernels: 500,
  values: 20_000,
  folds: 60,
  gather: 60,
  scatter: 40,
  strided: 100,
  backward: 20,
  index: 60,
  'in place': 30,
  'without vectors': 50,
  'plain along outer loop': 50,
  'unrolled along outer loop': 30,
  'plain along inner loop': 10,
  'unrolled along inner loop': 20,
  'rows alone': 80,
});

test('modules compute what plans mean', () => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const made = loopCase(new Chooser(seed));
      const memory = new PlanMemory(made.plan.bytes);
      for (const [region, values] of made.before) memory.fill(made.plan.regions[region]!, values);
      interpret(made.plan, memory, made.rows, { precision: 'float32' });
      const expected = made.plan.regions.map((region) => [...memory.values(region, made.rows)]);
      expect(runPlan(made.plan, made.before, made.rows)).toEqual(expected);
      count('kernels');
      for (const feature of made.features) count(feature);
      count(
        'values',
        expected.reduce((sum, values) => sum + values.length, 0),
      );
    }),
    { numRuns: runs(600) },
  );
});

test('a row of a batch has the same bits in any batch', () => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const choose = new Chooser(seed);
      const size = choose.whole(1, 37);
      const capacity = choose.whole(1, 12);
      const x = Array.from({ length: capacity * size }, () => choose.real());
      const compute = (rows: number, values: readonly number[]): number[] => {
        const { plan, input, output } = normalised(size, capacity);
        return runPlan(plan, new Map([[input, values]]), rows)[output]!;
      };
      const alone = Array.from({ length: capacity }, (_, row) =>
        compute(1, x.slice(row * size, (row + 1) * size)),
      );
      expect(alone.flat()).toEqual(compute(capacity, x));
      count('rows alone');
    }),
  );
});

/** Each row over its sum: a fold along the row, and a pass that uses it. */
function normalised(size: number, capacity: number): { plan: Plan; input: number; output: number } {
  const access = (region: number) => ({ region, strides: [size, 1], offset: 0 });
  const read: Step = { kind: 'read', access: access(0), dtype: 'float32' };
  const kernel: Kernel = {
    kind: 'loop',
    name: 'normalised',
    outer: ['B'],
    inner: [size],
    stages: [
      { over: 'inner', body: [read], stores: [], folds: [{ fold: 'add', value: 0 }] },
      {
        over: 'inner',
        body: [
          read,
          { kind: 'earlier', stage: 0, index: 1, dtype: 'float32' },
          { kind: 'op', card: cardOf(divide) as Primitive, attributes: {}, args: [0, 1], dtype: 'float32' },
        ],
        stores: [{ access: access(1), value: 2 }],
        folds: [],
      },
    ],
    spans: [],
  };
  const region = { name: 'rows', kind: 'input' as const, dtype: 'float32' as const, shape: ['B', size] };
  return { plan: planOf([region, region], [kernel], capacity), input: 0, output: 1 };
}
