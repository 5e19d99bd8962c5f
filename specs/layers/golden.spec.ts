/** What Keras gives for the same layers: values, gradients and moving statistics, from specs/golden/layers.json. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import { isVariable } from '../../compiler/ir/facts.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { input, literal, runLeaves, training } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { DType, Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import * as millrace from '../../stdlib/index.ts';
import { tally } from '../support/tally.ts';

interface Listed {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Case {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly training: boolean;
  readonly call?: object;
  readonly inputs: readonly (Listed & { readonly dtype: DType })[];
  readonly mask?: Listed;
  readonly params: Readonly<Record<string, Listed>>;
  readonly weights: Listed;
  readonly y: Listed;
  readonly gradients: {
    readonly inputs: readonly Listed[];
    readonly params: Readonly<Record<string, Listed>>;
  };
  readonly after: Readonly<Record<string, Listed>>;
}

const { made, cases } = JSON.parse(
  readFileSync(new URL('../golden/layers.json', import.meta.url), 'utf8'),
) as { made: string; cases: Case[] };
const count = tally(`layers against ${made}`, { layers: 20, gradients: 75, numbers: 1400 });

const valuesOf = ({ shape, data }: Listed, dtype: DType = 'float32'): Values => ({
  dtype,
  shape,
  data: Float64Array.from(data),
});

/** All nodes under a tensor, those inside composites too. */
function within(root: Node): Node[] {
  const inside = (node: Node): Node[] => (node.body ? [node, ...within(node.body)] : [node]);
  return [...new Set(nodesUnder([root]).flatMap(inside))];
}

function same(got: Values | undefined, want: Listed, what: string): void {
  expect(got && [...got.shape], what).toEqual(want.shape);
  want.data.forEach((number, i) => {
    // Keras takes softmax and some moments in float32, whatever it is given.
    expect(close(got!.data[i]!, number, 2e-5, 4e-6), `${what}[${i}]: ${got!.data[i]} for ${number}`).toBe(
      true,
    );
    count('numbers');
  });
}

const vocabulary: Readonly<Record<string, unknown>> = { ...millrace };

describe.each(cases.map((golden) => [`${golden.layer}(${JSON.stringify(golden.args)})`, golden] as const))(
  '%s',
  (_, golden) => {
    const make = vocabulary[golden.layer] as (...args: unknown[]) => (...inputs: unknown[]) => Tensor;
    const leaves = golden.inputs.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));
    const mask = golden.mask && input('mask', golden.mask.shape, 'bool');
    const options = { ...golden.call, ...(mask && { attentionMask: mask }) };
    const layer = make(...golden.args);
    const y = nodeOf(layer(...leaves, ...(Object.keys(options).length > 0 ? [options] : [])));
    const nodes = within(y);
    const held = new Map(
      nodes
        .filter((node) => isVariable(node) && !runLeaves.includes(node))
        .map((node) => [node.name!, node] as const),
    );
    const feeds = new Map<Node, Values>([
      [training, { dtype: 'bool', shape: [], data: Float64Array.of(Number(golden.training)) }],
      ...leaves.map((leaf, i) => [leaf, valuesOf(golden.inputs[i]!, golden.inputs[i]!.dtype)] as const),
      ...Object.entries(golden.params).map(([name, value]) => [held.get(name)!, valuesOf(value)] as const),
      ...(mask ? [[mask, valuesOf(golden.mask!, 'bool')] as const] : []),
    ]);
    count('layers');

    test('has the parameters of the same names and shapes', () => {
      expect(problemsOf(y)).toEqual([]);
      const shapes = (entries: Iterable<readonly [string, { readonly shape: readonly unknown[] }]>): object =>
        Object.fromEntries([...entries].map(([name, { shape }]) => [name, shape]));
      expect(shapes(held)).toEqual(shapes(Object.entries(golden.params)));
    });

    test('gives the same values', () => {
      same(evaluate([y], feeds)[0], golden.y, 'y');
    });

    test('has the same gradients', () => {
      const weights = literal(golden.weights.data, golden.weights.shape);
      const loss = nodeOf(millrace.sum(millrace.multiply(y, weights)));
      const reals = leaves.filter(({ dtype }) => dtype === 'float32');
      const named = Object.entries(golden.gradients.params);
      const targets = [...reals, ...named.map(([name]) => held.get(name)!)];
      const want = [...golden.gradients.inputs, ...named.map(([, value]) => value)];
      const slopes = gradients(loss, targets, millrace.vocabulary.roles);
      const got = evaluate(slopes as Node[], feeds);
      want.forEach((value, i) => {
        same(got[i], value, `∂${targets[i]!.name}`);
        count('gradients');
      });
    });

    test('moves the same statistics', () => {
      const updates = nodes.filter(({ card }) => card.kind === 'update');
      for (const [name, value] of Object.entries(golden.after)) {
        if (!golden.training) continue;
        const update = updates.find(({ inputs }) => inputs[1] === held.get(name));
        same(evaluate([update!.inputs[2]!], feeds)[0], value, name);
      }
    });
  },
);
