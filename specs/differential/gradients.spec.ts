/** The gradient of a pipeline's loss is its slope: reverse mode against central differences, in binary64. */

import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { trace } from '../../compiler/1-read/reader/trace.ts';
import { check } from '../../compiler/2-check/check.ts';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import { isColumn, isShared } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { print } from '../../compiler/ir/print.ts';
import { concreteShape } from '../../compiler/ir/symbols.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { constant, training } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { differentiated } from './differentiated.ts';
import { grow } from './grow.ts';
import { broken, caseOf } from './laws.ts';
import { numbersFor } from './numbers.ts';
import { pipelineOf } from './pipeline-of.ts';
import { recipes } from './recipe.ts';
import { keep, stateOf } from './regressions.ts';
import { columnsFor } from './script.ts';
import { judgeSlopes } from './slopes.ts';
import type { Setting } from './turns.ts';
import { inputNumbers, stateNumbers } from './turns.ts';

const numbers = fc.array(fc.nat({ max: 9_999 }), { minLength: 40, maxLength: 40 });
const count = tally('generated gradients', {
  pipelines: 40,
  programs: 35,
  slopes: 600,
  'programs without': 0,
});
let kinks = 0;
afterAll(() => console.log(`slopes not judged, since they differ from one side to the other: ${kinks}`));

/** Numbers for all leaves: columns as in other specs, parameters of ordinary size, the run as in a step. */
function feedsFor(loss: Node, params: readonly Node[], seed: number): Map<Node, Values> {
  const columns = columnsFor(rows, seed);
  const leaves = nodesUnder([loss, ...params]);
  return new Map(
    leaves.filter(isShared).map((leaf, place): [Node, Values] => {
      const { dtype } = typeOf(leaf);
      const shape = concreteShape(typeOf(leaf), { B: rows });
      if (leaf === training) return [leaf, { dtype, shape, data: Float64Array.of(1) }];
      const values = numbersFor({ dtype, shape }, seed, place);
      if (isColumn(leaf)) return [leaf, { ...values, data: Float64Array.from(columns[leaf.name!]!) }];
      return [leaf, dtype === 'float32' ? { ...values, data: values.data.map((x) => x / 4) } : values];
    }),
  );
}

const rows = 4;

test('of pipelines', () => {
  fc.assert(
    fc.property(numbers, fc.nat({ max: 999 }), (choices, seed) => {
      const checked = check(trace(pipelineOf(choices), 'pipeline')).checked!;
      const { loss } = checked.objectives[0]!;
      const feeds = feedsFor(loss, checked.params, seed);
      const slopes = gradients(loss, checked.params, vocabulary.roles);
      const found = evaluate(
        slopes.map((slope, i) => slope ?? constant(0, typeOf(checked.params[i]!).shape)),
        feeds,
        { B: rows },
      );
      count('pipelines');
      tell(
        judgeSlopes(
          loss,
          checked.params,
          found.map(({ data }) => data),
          feeds,
          rows,
        ),
      );
    }),
    { numRuns: runs(40) },
  );
});

test('of generated programs, which keep all laws with their gradients', async () => {
  await fc.assert(
    fc.asyncProperty(recipes(8, 4), async (recipe) => {
      const grown = grow(recipe);
      const program = differentiated(grown.graph);
      if (!program) {
        count('programs without');
        return;
      }
      const given = caseOf(program.graph, { ...grown, state: stateOf(program.graph) });
      count('programs');
      const feeds = new Map(
        topological(given.plain)
          .filter(isShared)
          .map((leaf): [Node, Values] => [leaf, firstNumbers(leaf, given.setting)]),
      );
      const found = program.leaves.map((_, i) => given.meaning[0]![`slope${i + 1}`]!);
      const wellBehaved = given.meaning[0]!.loss![0]!;
      if (Math.abs(wellBehaved) < 1e4)
        tell(judgeSlopes(program.loss, program.leaves, found, feeds, recipe.rows), program.graph);
      const fault = await broken(given);
      if (fault) keep(fault.law, program.graph);
      expect(fault).toBeUndefined();
    }),
    { numRuns: runs(70) },
  );
});

function tell({ judged, kinks: unsteady, wrong }: ReturnType<typeof judgeSlopes>, graph?: Graph): void {
  count('slopes', judged);
  kinks += unsteady;
  expect(wrong, graph && print(graph, { spans: false })).toBeUndefined();
}

function firstNumbers(leaf: Node, setting: Setting): Values {
  if (isColumn(leaf)) return inputNumbers(leaf, setting, 0);
  return stateNumbers(setting.state.find(({ id }) => id === leaf.name)!, setting);
}
