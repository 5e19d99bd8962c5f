/** Contractions: sums of products in order of depth, to the bit, for any size, layout, packing and epilogue. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/effort.ts';
import { interpret } from '../support/plan-interpreter.ts';
import { PlanMemory } from '../support/plan-memory.ts';
import { tally } from '../support/tally.ts';
import { Chooser } from './chooser.ts';
import { contractCase } from './contract-case.ts';
import { KernelMaker } from './kernel-maker.ts';
import { runPlan } from './run-plan.ts';

const count = tally('contractions', {
  kernels: 300,
  values: 20_000,
  'packed left': 40,
  'packed right': 80,
  exchanged: 20,
  batched: 60,
  integers: 30,
  large: 30,
  strided: 100,
  splits: 80,
});

test('modules compute what plans mean', () => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const made = contractCase(new Chooser(seed));
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
    { numRuns: runs(400) },
  );
});

test('a row of a batch has the same bits in any batch', () => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const choose = new Chooser(seed);
      const [depth, columns] = [choose.whole(1, 40), choose.whole(1, 40)];
      const capacity = choose.whole(2, 20);
      const x = Array.from({ length: capacity * depth }, () => choose.real());
      const w = Array.from({ length: depth * columns }, () => choose.real());
      const transposed = choose.chance(2);
      const compute = (rows: number, values: readonly number[]): number[] => {
        const maker = new KernelMaker(choose, { capacity, rows });
        const left = maker.region('float32', ['B', depth]);
        const right = maker.region('float32', [depth, columns]);
        const out = maker.region('float32', ['B', columns]);
        const { plan } = maker.finish({
          kind: 'contract',
          name: 'rows',
          batch: [],
          rows: 'B',
          columns,
          depth,
          left: { region: left, offset: 0, batch: [], free: depth, depth: 1 },
          right: {
            region: right,
            offset: 0,
            batch: [],
            free: transposed ? depth : 1,
            depth: transposed ? 1 : columns,
          },
          body: [{ kind: 'accumulator', dtype: 'float32' }],
          stores: [{ access: { region: out, strides: [columns, 1], offset: 0 }, value: 0 }],
          spans: [],
        });
        return runPlan(
          plan,
          new Map([
            [left, values],
            [right, w],
          ]),
          rows,
        )[out]!;
      };
      const whole = compute(capacity, x);
      const split = choose.whole(1, capacity - 1);
      const parts = [
        ...compute(split, x.slice(0, split * depth)),
        ...compute(capacity - split, x.slice(split * depth)),
      ];
      expect(parts).toEqual(whole);
      expect(whole.length).toBe(capacity * columns);
      count('splits');
    }),
  );
});
