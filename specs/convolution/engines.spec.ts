/** Random convolutions, their gradients, and the gradients of those: meaning = plan = WebAssembly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import type { Tolerance } from '../differential/compare.ts';
import { difference } from '../differential/compare.ts';
import { onWasm } from '../differential/on-wasm.ts';
import { byMeaning, byPlan, planOf } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { configurations } from './configurations.ts';
import { convolutionGraph } from './convolution-graph.ts';

const count = tally('convolutions', { configurations: 50, numbers: 12_000 });

/** Sums in another order: far less than one product more or less. */
const ordering: Tolerance = (_turn, _name, _element, wanted) => 1e-9 * (1 + Math.abs(wanted));
const rounding: Tolerance = (_turn, _name, _element, wanted) => 2e-4 * (1 + Math.abs(wanted));

test('meaning = plan = wasm', async () => {
  const property = fc.asyncProperty(
    configurations(),
    fc.integer({ min: 1, max: 3 }),
    fc.integer(),
    fc.boolean(),
    async (configuration, rows, seed, fuse) => {
      const graph = expandGraph(convolutionGraph(configuration));
      const setting = { state: [], rows, capacity: 3, seed };
      const choice = { fuse, reuse: fuse };
      const meaning = byMeaning(graph, setting);
      expect(difference(meaning, byPlan(planOf(graph, setting, choice), graph, setting), ordering)).toBe(
        undefined,
      );
      const found = (await onWasm(graph, setting, choice)).map((turn, t) =>
        // The engine shows outputs at the capacity; the first rows are those of this run.
        Object.fromEntries(
          Object.entries(turn).map(([name, all]) => [
            name,
            [...(all as Float64Array)].slice(0, meaning[t]![name]!.length),
          ]),
        ),
      );
      expect(difference(meaning, found, rounding)).toBe(undefined);
      count('configurations');
      count(
        'numbers',
        Object.values(meaning[0]!).reduce((total, { length }) => total + length, 0),
      );
    },
  );
  await fc.assert(property, { numRuns: runs(60) });
}, 120_000);
