/** What Keras gives for layers of convolution, pooling and resizing: values and gradients, on the engine that users run. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { input, literal } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import * as millrace from '../../stdlib/index.ts';
import { planOf } from '../differential/turns.ts';
import { interpret } from '../support/plan-interpreter.ts';
import { PlanMemory } from '../support/plan-memory.ts';
import { tally } from '../support/tally.ts';

interface Listed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly x: Listed;
  readonly weights: Listed;
  readonly y: Listed;
  readonly dx: Listed;
  readonly params: Readonly<Record<string, Listed>>;
  readonly slopes: Readonly<Record<string, Listed>>;
}

const { made, cases } = JSON.parse(
  readFileSync(new URL('../golden/convolution.keras.json', import.meta.url), 'utf8'),
) as { made: string; cases: Case[] };
const count = tally(`convolution against ${made}`, { layers: 55, kinds: 30, gradients: 100, numbers: 4000 });
const vocabulary: Readonly<Record<string, unknown>> = { ...millrace };

const valuesOf = ({ shape, data }: Listed): Values => ({
  dtype: 'float32',
  shape,
  data: Float64Array.from(data),
});

/** All parameters under a tensor, those inside composites too. */
function paramsOf(root: Node): Map<string, Node> {
  const inside = (node: Node): Node[] => (node.body ? nodesUnder([node.body]).flatMap(inside) : [node]);
  const all = nodesUnder([root]).flatMap(inside);
  return new Map(all.filter(({ card }) => card.name === 'param').map((node) => [node.name!, node]));
}

function same(got: ArrayLike<number>, want: Listed, what: string): void {
  expect(got.length, what).toBe(want.data.length);
  want.data.forEach((number, i) => {
    expect(close(got[i]!, number, 1e-6, 1e-6), `${what}[${i}]: ${got[i]} for ${number}`).toBe(true);
    count('numbers');
  });
}

const seen = new Set<string>();

describe.each(cases.map((golden) => [`${golden.layer}(${JSON.stringify(golden.args)})`, golden] as const))(
  '%s',
  (_, golden) => {
    const make = vocabulary[golden.layer] as (...args: unknown[]) => (x: Tensor) => Tensor;
    const x = input('x', ['B', ...golden.x.shape.slice(1)], 'float32');
    const y = nodeOf(make(...golden.args)(x));
    const params = paramsOf(y);
    count('layers');
    if (!seen.has(golden.layer)) count('kinds');
    seen.add(golden.layer);

    test('has the type and the parameters of the same names and shapes', () => {
      expect(problemsOf(y)).toEqual([]);
      expect(y.shape).toEqual(['B', ...golden.y.shape.slice(1)]);
      const shapes = Object.fromEntries([...params].map(([name, { shape }]) => [name, shape]));
      expect(shapes).toEqual(
        Object.fromEntries(Object.entries(golden.params).map(([name, { shape }]) => [name, shape])),
      );
    });

    test('gives the same values and gradients, by its meaning and as planned', () => {
      const leaves = [x, ...Object.keys(golden.params).map((name) => params.get(name)!)];
      const weights = input('weights', y.shape, 'float32');
      const loss = nodeOf(millrace.sum(millrace.multiply(y, weights)));
      const slopes = gradients(loss, leaves, millrace.vocabulary.roles) as Node[];
      const want = [golden.y, golden.dx, ...Object.keys(golden.params).map((name) => golden.slopes[name]!)];
      const names = ['y', ...leaves.map((leaf) => `∂${leaf.name}`)];
      const given = [...leaves, weights];
      const values = [golden.x, ...Object.values(golden.params), golden.weights];
      const batch = golden.x.shape[0]!;
      const got = evaluate([y, ...slopes], new Map(given.map((leaf, i) => [leaf, valuesOf(values[i]!)])), {
        B: batch,
      });
      const graph = expandGraph({
        name: 'golden',
        program: 'step',
        outputs: [y, ...slopes].map((value, i) => ({ name: names[i]!, value })),
        updates: [],
        span: nowhere,
      } satisfies Graph);
      const state = [...params.values()].map(({ name, shape }) => ({
        id: name!,
        label: name!,
        dtype: 'float32' as const,
        shape: shape as number[],
        role: 'param' as const,
      }));
      const plan = planOf(
        graph,
        { state, rows: batch, capacity: batch, seed: 0 },
        { fuse: true, reuse: true },
      );
      const memory = new PlanMemory(plan.bytes);
      for (const region of plan.regions) {
        const leaf = given.findIndex(({ name }) => name === region.name);
        if (region.kind === 'input' || region.kind === 'state') memory.fill(region, values[leaf]!.data);
      }
      interpret(plan, memory, batch);
      want.forEach((value, i) => {
        same(got[i]!.data, value, names[i]!);
        same(memory.values(plan.regions[plan.outputs[i]!.region]!, batch), value, `${names[i]}, planned`);
        count('gradients');
      });
    });
  },
);

test('bilinear images are as wide as nearest ones', () => {
  const image = literal([1, 2, 3, 4], [1, 2, 2, 1]);
  const sizes = (['nearest', 'bilinear'] as const).map(
    (interpolation) => millrace.upSampling2d(3, { interpolation })(image).shape,
  );
  expect(sizes[0]).toEqual(sizes[1]);
});
