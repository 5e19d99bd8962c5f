/** Random convolutions, their gradients, and the gradients of those: meaning = plan = WebAssembly. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { input } from '../../compiler/op/leaf.ts';
import { convolve, multiply, sum, vocabulary } from '../../stdlib/index.ts';
import type { Tolerance } from '../differential/compare.ts';
import { difference } from '../differential/compare.ts';
import { onWasm } from '../differential/on-wasm.ts';
import { primitives } from '../differential/primitives.ts';
import { byMeaning, byPlan, planOf } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import type { Configuration } from './configurations.ts';
import { configurations } from './configurations.ts';

const count = tally('convolutions', { configurations: 80, numbers: 20_000 });

/** y, the slopes of a weighted sum of it, and the slopes of a weighted sum of those. */
function graphOf({ lengths, channels, taps, filters, options }: Configuration): Graph {
  const x = input('x', ['B', ...lengths, channels], 'float32');
  const kernel = input('kernel', [...taps, channels / options.groups, filters], 'float32');
  const y = nodeOf(convolve(x, kernel, options));
  const weights = input('weights', y.shape, 'float32');
  const [dx, dk] = gradients(nodeOf(sum(multiply(y, weights))), [x, kernel], vocabulary.roles);
  const [vx, vk] = [input('vx', x.shape, 'float32'), input('vk', kernel.shape, 'float32')];
  const ofX = gradients(nodeOf(sum(multiply(dx!, vx))), [kernel, weights], vocabulary.roles);
  const ofKernel = gradients(nodeOf(sum(multiply(dk!, vk))), [x, weights], vocabulary.roles);
  const outputs = Object.entries({
    y,
    dx: dx!,
    dk: dk!,
    xk: ofX[0]!,
    xw: ofX[1]!,
    kx: ofKernel[0]!,
    kw: ofKernel[1]!,
  });
  return {
    name: 'generated',
    program: 'step',
    outputs: outputs.map(([name, value]) => ({ name, value })),
    updates: [],
    span: nowhere,
  };
}

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
      const graph = primitives(graphOf(configuration));
      const setting = { state: [], rows, capacity: 3, seed };
      const choice = { fuse, reuse: fuse };
      const meaning = byMeaning(graph, setting);
      expect(difference(meaning, byPlan(planOf(graph, setting, choice), graph, setting), ordering)).toBe(
        undefined,
      );
      const found = (await onWasm(graph, setting, choice)).turns.map((turn, t) =>
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
  await fc.assert(property, { numRuns: runs(100) });
}, 120_000);
