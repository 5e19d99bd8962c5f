/** Generated pipelines: all programs agree on every engine, step after step, and their gradients are slopes. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { verifyPlan } from '../../compiler/5-plan/verify/verify-plan.ts';
import { compile } from '../../compiler/compile.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { phases } from '../../compiler/phases.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { runs } from '../support/effort.ts';
import { graphDifference } from '../support/same-graph.ts';
import { tally } from '../support/tally.ts';
import { workOf } from '../support/work.ts';
import { difference, exactly } from './compare.ts';
import type { Columns } from './machines.ts';
import { meaningMachine, planMachine, plansOf, wasmMachine } from './machines.ts';
import { noisyValues, toleranceOf } from './noise.ts';
import { pipelineOf } from './pipeline-of.ts';
import { columnsFor, play, stagesFor } from './script.ts';

const numbers = fc.array(fc.nat({ max: 9_999 }), { minLength: 40, maxLength: 40 });
const count = tally('generated pipelines', {
  pipelines: 18,
  stages: 130,
  numbers: 4_300,
  halved: 40,
  'own programs': 3,
  'several objectives': 4,
  graphs: 170,
});

let left = 0;
afterAll(() => console.log(`numbers not judged, since rounding decides them: ${left}`));

test('meaning = plan = wasm, over a short life', async () => {
  await fc.assert(
    fc.asyncProperty(numbers, fc.nat({ max: 999 }), async (choices, seed) => {
      const pipeline = pipelineOf(choices);
      const { checked, diagnostics, reading } = phases(pipeline);
      expect(checked, diagnostics.map(({ message }) => message).join()).toBeDefined();
      const { differentiate, simplify, compiled } = checked!;
      const { state } = compiled.module;
      for (const stage of [checked!.check, differentiate, simplify]) {
        for (const graph of stage.values()) {
          expect(verify(graph, { composites: stage === checked!.check })).toEqual([]);
          expect(graphDifference(graph, parse(print(graph), vocabulary))).toBeUndefined();
          count('graphs');
        }
      }
      for (const [name, graph] of simplify) {
        const [before, after] = [workOf(differentiate.get(name)!), workOf(graph)];
        expect(after.nodes, name).toBeLessThanOrEqual(before.nodes);
        expect(after.multiplications, name).toBeLessThanOrEqual(before.multiplications);
      }
      const own = reading.programs.map(({ name }) => name);
      const stages = stagesFor(seed, own);
      count('own programs', own.length);
      if (reading.objectives.length > 1) count('several objectives');
      const meaning = play(meaningMachine(differentiate, state), seed, stages);
      count('pipelines');
      count('stages', stages.length);
      count(
        'numbers',
        meaning.flatMap((turn) => Object.values(turn)).reduce((sum, { length }) => sum + length, 0),
      );

      const simple = play(meaningMachine(simplify, state), seed, stages);
      for (const options of [{}, { fuse: false }, { reuse: false }]) {
        const plans = plansOf(compiled.module, options);
        for (const plan of plans.values()) expect(verifyPlan(plan)).toEqual([]);
        const found = play(planMachine(plans, state), seed, stages);
        expect(difference(simple, found, exactly), JSON.stringify(options)).toBeUndefined();
      }

      const noisy = [1, 2, 3, 4].map((sample) =>
        play(
          meaningMachine(differentiate, state, (roots, feeds, sizes) =>
            noisyValues(roots, feeds, sizes, sample),
          ),
          seed,
          stages,
        ),
      );
      const { tolerance, unjudged } = toleranceOf(noisy, meaning);
      expect(difference(meaning, simple, tolerance), 'simplified').toBeUndefined();
      const engine = await wasmMachine(compile(pipeline).module);
      expect(difference(meaning, play(engine, seed, stages), tolerance), 'wasm').toBeUndefined();
      left += unjudged();
    }),
    { numRuns: runs(18) },
  );
});

test('a batch is its rows: judged and answered in one or in two', () => {
  fc.assert(
    fc.property(numbers, fc.nat({ max: 999 }), fc.integer({ min: 1, max: 4 }), (choices, seed, cut) => {
      const { differentiate, compiled } = phases(pipelineOf(choices)).checked!;
      const { state } = compiled.module;
      const columns = columnsFor(5, seed);
      const answers = [
        [[0, 5]],
        [
          [0, cut],
          [cut, 5],
        ],
      ].map((parts) => {
        const machine = meaningMachine(differentiate, state);
        machine.write('§seed', [seed, 1]);
        machine.run('init', 1, {});
        machine.run('step', 3, columnsFor(3, seed + 1));
        const runs = parts.map(([from, to]) => {
          const part = rowsOf(columns, from!, to!, 5);
          return [
            machine.run('evaluate', to! - from!, part),
            machine.run('predict', to! - from!, part),
          ] as const;
        });
        const names = Object.keys(runs[0]![1]);
        return {
          ...runs.at(-1)![0],
          ...Object.fromEntries(
            names.map((name) => [name, runs.flatMap((run) => Array.from(run[1][name]!))]),
          ),
        };
      });
      count('halved');
      const [whole, halves] = answers;
      expect(difference([whole!], [halves!], (_, __, ___, x) => 1e-9 * (1 + Math.abs(x)))).toBeUndefined();
    }),
    { numRuns: runs(40) },
  );
});

/** Rows `from` to `to` of columns of `rows` rows. */
function rowsOf(columns: Columns, from: number, to: number, rows: number): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => {
      const each = values.length / rows;
      return [name, values.slice(from * each, to * each)];
    }),
  );
}
