/** Graphs far longer than any call stack, and far wider than any kernel, pass through every phase and both engines. */
import { describe, expect, test } from 'vitest';
import type { AnyPipeline } from '../../compiler/1-read/reader/trace.ts';
import { expand } from '../../compiler/2-check/expand.ts';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import { verifyPlan } from '../../compiler/5-plan/verify/verify-plan.ts';
import { emitTensorflow } from '../../compiler/6-emit/tensorflow/index.ts';
import { dot } from '../../compiler/ir/dot.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { graphJson } from '../../compiler/ir/graph-json.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf, typeOf } from '../../compiler/ir/node.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { at } from '../../compiler/ir/site.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { programOf } from '../../compiler/module.ts';
import { input } from '../../compiler/op/leaf.ts';
import { phases } from '../../compiler/phases.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { arrays, dense, meanSquaredError, pipeline, sgd, vector } from '../../stdlib/index.ts';
import { add } from '../../stdlib/ops/arithmetic/add.ts';
import { multiply } from '../../stdlib/ops/arithmetic/multiply.ts';
import { matmul } from '../../stdlib/ops/contraction/matmul.ts';
import { tanh } from '../../stdlib/ops/hyperbolic/tanh.ts';
import { reshape } from '../../stdlib/ops/movement/reshape.ts';
import { transpose } from '../../stdlib/ops/movement/transpose.ts';
import { sum } from '../../stdlib/ops/reduction/sum.ts';
import { sin } from '../../stdlib/ops/trigonometric/sin.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { difference } from '../differential/compare.ts';
import { plansOf } from '../differential/machines.ts';
import { onWasm } from '../differential/on-wasm.ts';
import { byMeaning, planOf } from '../differential/turns.ts';

const setting = { rows: 2, capacity: 2, seed: 5, state: [] };
const fused = { fuse: true, reuse: true };

/** x, f(x), f(f(x)), … `count` times. */
function chain(count: number, next: (value: Node, x: Node) => unknown, shape = ['B', 2] as const): Node {
  return at(nowhere, () => {
    const x = input('x', shape, 'float32');
    let value = x;
    for (let i = 0; i < count; i++) value = nodeOf(next(value, x) as Node);
    return value;
  });
}

/** Pairs, pairs of pairs, … */
function sumOf(parts: readonly Node[]): Node {
  let sums = parts;
  while (sums.length > 1)
    sums = sums.flatMap((part, i) => {
      const next = sums[i + 1];
      return i % 2 === 1 ? [] : [next ? nodeOf(add(part, next)) : part];
    });
  return sums[0]!;
}

function graphOf(...values: readonly Node[]): Graph {
  const outputs = expand(values).map((value, i) => ({ name: `y${i}`, value }));
  return { name: 'long', program: 'step', outputs, updates: [], span: nowhere };
}

const shapes: Readonly<Record<string, () => Graph>> = {
  'a chain of sums': () => graphOf(chain(20_000, (value, x) => add(value, x))),
  'a chain of products and sums, whose slope is as long': () => {
    const end = chain(2_500, (value, x) => add(multiply(value, 0.5), sin(x)));
    const loss = at(nowhere, () => nodeOf(sum(end)));
    const [slope] = gradients(loss, [topological(graphOf(loss))[0]!], vocabulary.roles);
    return graphOf(loss, slope!);
  },
  'a chain of an op that takes long': () => graphOf(chain(2_000, (value) => tanh(value))),
  'a chain of views': () => graphOf(chain(20_000, (value) => transpose(value), ['B', 2] as const)),
  'a chain of other names': () =>
    graphOf(chain(5_000, (value) => reshape(reshape(value, ['B', 2, 1]), ['B', 2]))),
  'a chain of contractions': () =>
    graphOf(chain(500, (value) => matmul(tanh(value), transpose(tanh(value))), [2, 2] as never)),
  'a comb of outputs': () => {
    const x = at(nowhere, () => input('x', ['B', 2], 'float32'));
    return graphOf(
      ...Array.from({ length: 2_500 }, (_, i) => at(nowhere, () => nodeOf(multiply(sin(x), i + 2)))),
    );
  },
  'a sum of very many columns': () => {
    const columns = Array.from({ length: 2_500 }, (_, i) =>
      at(nowhere, () => input(`x${i}`, ['B', 2], 'float32')),
    );
    return graphOf(at(nowhere, () => sumOf(columns)));
  },
  'one sum of all': () => {
    const x = at(nowhere, () => input('x', ['B', 2], 'float32'));
    const parts = Array.from({ length: 8_192 }, (_, i) =>
      at(nowhere, () => nodeOf(multiply(x, 1 / (i + 2)))),
    );
    return graphOf(at(nowhere, () => sumOf(parts)));
  },
};

describe.for(Object.entries(shapes))('%s', ([, make]) => {
  const graph = make();
  const roots = graph.outputs.map(({ value }) => value);

  test('is walked, verified, expanded', () => {
    expect(problemsOf(...roots)).toEqual([]);
    expect(verify(graph)).toEqual([]);
    expect(expand(roots)).toEqual(roots);
    expect(topological(graph).length).toBeGreaterThan(2_000);
  });

  test('is written in all forms, and read back', () => {
    const text = print(graph);
    expect(print(parse(text, vocabulary))).toBe(text);
    expect(dot(graph).length).toBeGreaterThan(10_000);
    expect(graphJson(graph).nodes.length).toBe(topological(graph).length);
  });

  test('is emitted for TensorFlow', () => {
    const programs = new Map([['step', programOf(graph)]]);
    const { bytes } = emitTensorflow({ name: 'long', programs, state: [] }, { programs: ['step'] });
    expect(bytes.length).toBeGreaterThan(50_000);
  });

  test('is planned and runs as it means, simplified or not', async () => {
    for (const form of [graph, simplify(graph, vocabulary)]) {
      expect(verify(form)).toEqual([]);
      const meaning = byMeaning(form, setting);
      const found = await onWasm(form, setting, fused);
      const off = difference(meaning, found, (_, __, ___, wanted) => 1e-3 * (1 + Math.abs(wanted)));
      expect(off).toBeUndefined();
    }
  });
});

test('is planned without fusion too: a kernel for each value', () => {
  const graph = shapes['a chain of products and sums, whose slope is as long']!();
  expect(planOf(graph, setting, { fuse: false, reuse: true }).kernels.length).toBeGreaterThan(15_000);
});

test('a pipeline with a long chain passes through all phases', () => {
  const long = pipeline({
    data: arrays({ x: vector(2), y: vector(2) }, { x: [[1, 2]], y: [[3, 4]] }).batch(2),
    model: ({ x }) => {
      let value: Tensor = dense(2)(x);
      for (let i = 0; i < 4_000; i++) value = add(value, x);
      return value;
    },
    loss: (predicted, { y }) => meanSquaredError(y, predicted),
    optimizer: sgd({ learningRate: 0.1 }),
  });
  const { checked, diagnostics } = phases(long as unknown as AnyPipeline);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  for (const plan of plansOf(checked!.compiled.module).values()) expect(verifyPlan(plan)).toEqual([]);
});

test('a chain that is typed wrongly at its start tells so at its end', () => {
  const end = chain(20_000, (value, x) =>
    value === x ? add(value, input('y', ['B', 3], 'float32')) : tanh(value),
  );
  expect(problemsOf(end).map(({ code }) => code)).toEqual(['SHP202']);
  expect(() => typeOf(end)).toThrow('SHP202');
});
