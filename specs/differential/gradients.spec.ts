/** The gradient of a pipeline's loss is its slope: reverse mode against central differences, in binary64. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { trace } from '../../compiler/1-read/trace.ts';
import { check } from '../../compiler/2-check/check.ts';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { concreteShape } from '../../compiler/ir/symbols.ts';
import { constant, training } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { numbersFor } from './numbers.ts';
import { pipelineOf } from './pipeline-of.ts';
import { columnsFor } from './script.ts';

const numbers = fc.array(fc.nat({ max: 9_999 }), { minLength: 40, maxLength: 40 });
const count = tally('generated gradients', { pipelines: 60, slopes: 600 });
let kinks = 0;
afterAll(() => console.log(`slopes not judged, since they differ from one side to the other: ${kinks}`));

/** Numbers for all leaves: columns as in other specs, parameters of ordinary size, the run as in a step. */
function feedsFor(loss: Node, params: readonly Node[], seed: number): Map<Node, Values> {
  const columns = columnsFor(rows, seed);
  const leaves = topological({
    outputs: [loss, ...params].map((value) => ({ name: '', value })),
    updates: [],
  });
  return new Map(
    leaves
      .filter(({ card }) => ['input', 'param', 'state'].includes(card.name))
      .map((leaf, place): [Node, Values] => {
        const { dtype } = typeOf(leaf);
        const shape = concreteShape(typeOf(leaf), { B: rows });
        if (leaf === training) return [leaf, { dtype, shape, data: Float64Array.of(1) }];
        const values = numbersFor({ dtype, shape }, seed, place);
        if (leaf.card.name === 'input')
          return [leaf, { ...values, data: Float64Array.from(columns[leaf.name!]!) }];
        return [leaf, dtype === 'float32' ? { ...values, data: values.data.map((x) => x / 4) } : values];
      }),
  );
}

const rows = 4;
const step = 1e-4;

test('gradient = central difference', () => {
  fc.assert(
    fc.property(numbers, fc.nat({ max: 999 }), (choices, seed) => {
      const checked = check(trace(pipelineOf(choices), 'pipeline')).checked!;
      const feeds = feedsFor(checked.loss, checked.params, seed);
      const slopes = gradients(checked.loss, checked.params, vocabulary.roles);
      const found = evaluate(
        slopes.map((slope, i) => slope ?? constant(0, typeOf(checked.params[i]!).shape)),
        feeds,
        { B: rows },
      );
      const lossAt = (leaf: Node, element: number, by: number): number => {
        const values = feeds.get(leaf)!;
        const data = values.data.slice();
        data[element]! += by;
        return evaluate([checked.loss], new Map([...feeds, [leaf, { ...values, data }]]), { B: rows })[0]!
          .data[0]!;
      };
      count('pipelines');
      checked.params.forEach((leaf, i) => {
        const size = feeds.get(leaf)!.data.length;
        // Every element of small parameters, a few of large ones.
        const stride = Math.max(1, Math.floor(size / 4));
        for (let element = seed % stride; element < size; element += stride) {
          const [wide, narrow] = [step, step / 4].map(
            (by) => (lossAt(leaf, element, by) - lossAt(leaf, element, -by)) / (2 * by),
          ) as [number, number];
          const here = lossAt(leaf, element, 0);
          const sides = [step, -step].map((by) => (lossAt(leaf, element, by) - here) / by) as [
            number,
            number,
          ];
          const scale = 1 + Math.abs(narrow);
          if (Math.abs(wide - narrow) > 1e-6 * scale || Math.abs(sides[0] - sides[1]) > 0.02 * scale) {
            kinks++;
            continue;
          }
          count('slopes');
          const slope = found[i]!.data[element]!;
          expect(
            Math.abs(slope - narrow) <= 2e-5 * scale,
            `∂loss/∂${leaf.name}[${element}] is ${slope}, not ${narrow}`,
          ).toBe(true);
        }
      });
    }),
    { numRuns: runs(60) },
  );
});
