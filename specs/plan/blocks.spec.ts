/** Contractions cut into blocks give what they give whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { input } from '../../compiler/op/leaf.ts';
import { add, relu, reshape } from '../../stdlib/index.ts';
import { contract } from '../../stdlib/ops/contraction/parts/contract.ts';
import type { Tolerance } from '../differential/compare.ts';
import { difference } from '../differential/compare.ts';
import { onWasm } from '../differential/on-wasm.ts';
import { byMeaning, byPlan, planOf } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('blocks', { 'blocks of rows': 50, 'blocks of depth': 15, numbers: 12_000 });

/** x · w + bias through a relu, and the sum over rows that is the gradient of w: [B, places, depth] · [depth, columns]. */
function graphOf(places: number, depth: number, columns: number): Graph {
  const x = input('x', ['B', places, depth], 'float32');
  const w = input('w', [depth, columns], 'float32');
  const slopes = input('slopes', ['B', places, columns], 'float32');
  const flat = reshape(x, [-1, depth]);
  const outputs = {
    layer: relu(add(contract(x, w, { over: [[2], [0]] }), input('bias', [columns], 'float32'))),
    flat: contract(flat, w, { over: [[1], [0]] }),
    gradient: contract(x, slopes, {
      over: [
        [0, 1],
        [0, 1],
      ],
    }),
    rows: contract(x, slopes, { batch: [[0], [0]], over: [[1], [1]] }),
  };
  return {
    name: 'generated',
    program: 'step',
    outputs: Object.entries(outputs).map(([name, value]) => ({ name, value: nodeOf(value) })),
    updates: [],
    span: nowhere,
  };
}

const ordering: Tolerance = (_turn, _name, _element, wanted) => 1e-9 * (1 + Math.abs(wanted));
const rounding: Tolerance = (_turn, _name, _element, wanted) => 1e-4 * (1 + Math.abs(wanted));

test('meaning = plan in blocks = wasm', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(1, 4, 7, 12, 24),
    fc.constantFrom(1, 3, 8, 20),
    fc.integer({ min: 7, max: 21 }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(64, 256, 1024, 2048),
    fc.integer(),
    async (places, depth, columns, rows, cache, seed) => {
      const graph = expandGraph(graphOf(places, depth, columns));
      const setting = { state: [], rows, capacity: 4, seed };
      const choice = { fuse: true, reuse: true, cache };
      const plan = planOf(graph, setting, choice);
      for (const kernel of plan.kernels) {
        if (kernel.kind !== 'contract') continue;
        if (kernel.right.batch.includes(0)) count('blocks of rows');
        if (kernel.stores.some(({ add }) => add)) count('blocks of depth');
      }
      const meaning = byMeaning(graph, setting);
      expect(difference(meaning, byPlan(plan, graph, setting), ordering)).toBe(undefined);
      const found = (await onWasm(graph, setting, choice)).map((turn, t) =>
        Object.fromEntries(
          Object.entries(turn).map(([name, all]) => [
            name,
            Array.from(all).slice(0, meaning[t]![name]!.length),
          ]),
        ),
      );
      expect(difference(meaning, found, rounding)).toBe(undefined);
      count(
        'numbers',
        Object.values(meaning[0]!).reduce((total, { length }) => total + length, 0),
      );
    },
  );
  await fc.assert(property, { numRuns: runs(60) });
}, 120_000);
