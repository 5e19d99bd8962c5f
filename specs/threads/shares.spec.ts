/** Kernels divided among threads: the same bits for any number of them, in any order, no element written by two. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emitContract } from '../../compiler/6-emit/wasm/contract/contract.ts';
import { emitLoops } from '../../compiler/6-emit/wasm/loops/loops.ts';
import { Chooser } from '../emit/chooser.ts';
import { contractCase } from '../emit/contract-case.ts';
import type { MadeCase } from '../emit/kernel-maker.ts';
import { loopCase } from '../emit/loop-case.ts';
import { runPlan } from '../emit/run-plan.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { runShares } from './run-shares.ts';

const count = tally('kernels divided among threads', {
  kernels: 500,
  divided: 200,
  'by rows': 15,
  'by columns': 15,
  'by batches': 10,
  'by points': 80,
  'by more than one thread': 150,
  alone: 70,
});

test.each([
  ['loop kernels', loopCase],
  ['contractions', contractCase],
])('%s', (_, makeCase) => {
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      const choose = new Chooser(seed);
      const made = makeCase(choose);
      const order = choose.shuffled(Array.from({ length: choose.whole(1, 5) }, (_, thread) => thread));
      const { values, written } = runShares(made.plan, made.before, made.rows, order);
      expect(values).toEqual(runPlan(made.plan, made.before, made.rows));
      const all = new Set(written.flatMap((words) => [...words]));
      expect(written.reduce((sum, words) => sum + words.size, 0)).toBe(all.size);
      count('kernels');
      count(divisionOf(made));
      if (divisionOf(made) !== 'alone') count('divided');
      if (written.filter((words) => words.size > 0).length > 1) count('by more than one thread');
    }),
    { numRuns: runs(300) },
  );
});

function divisionOf({ plan }: MadeCase): string {
  const kernel = plan.kernels[0]!;
  if (kernel.kind === 'loop')
    return emitLoops(kernel, plan.regions, plan.capacity).split ? 'by points' : 'alone';
  const { split } = emitContract(kernel, plan.regions, plan.capacity, {
    isShared: true,
    isRelaxed: false,
  });
  if (!split) return 'alone';
  return ['by rows', 'by columns'][split.loop - kernel.batch.length] ?? 'by batches';
}
