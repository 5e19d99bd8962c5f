/** Random convolutions on TensorFlow, their gradients, and the gradients of those. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { configurations } from '../convolution/configurations.ts';
import { convolutionGraph } from '../convolution/convolution-graph.ts';
import type { Tolerance } from '../differential/compare.ts';
import { difference } from '../differential/compare.ts';
import { byMeaning, inputNumbers } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { moduleOf } from '../support/module-of.ts';
import { tally } from '../support/tally.ts';
import { InProcess, tensorflowHere } from './in-process.ts';

const found = tensorflowHere('convolutions on TensorFlow');
const rounding: Tolerance = (_turn, _name, _element, wanted) => 2e-4 * (1 + Math.abs(wanted));

if (found) {
  const count = tally('convolutions on TensorFlow', { configurations: 40 });

  test('random convolutions', async () => {
    const property = fc.asyncProperty(
      configurations(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer(),
      async (configuration, rows, seed) => {
        const graph = expandGraph(convolutionGraph(configuration));
        const setting = { state: [], rows, capacity: 3, seed };
        const session = await InProcess.load(moduleOf(graph, [], 3), found.file);
        const leaves = new Map(topological(graph).map((node) => [node.name, node]));
        const got = session.run('step', rows, (name) => inputNumbers(leaves.get(name)!, setting, 0).data);
        session.end();
        expect(difference(byMeaning(graph, setting).slice(0, 1), [got], rounding)).toBe(undefined);
        count('configurations');
      },
    );
    await fc.assert(property, { numRuns: runs(40) });
  });
} else test('TensorFlow is not set up here', () => {});
