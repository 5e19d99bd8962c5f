/** What an element is said to be made of is all that it depends on, and no more: on ops of every kind in generated graphs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { isShared } from '../../compiler/ir/facts.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import type { Computed } from '../../runtime/run/non-finite/made-of.ts';
import { coordinatesOf, madeOf } from '../../runtime/run/non-finite/made-of.ts';
import { grow, growing } from '../differential/grow.ts';
import { recipes } from '../differential/recipe.ts';
import { inputNumbers } from '../differential/turns.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const kinds = ['map', 'zip', 'reduce', 'contract', 'move', 'gather', 'scatter', 'overlap', 'convolve'];
const count = tally('what elements are made of', {
  elements: 2000,
  ...Object.fromEntries(kinds.map((kind) => [kind, 10])),
});

/** Of these kinds, each element of a real operand that is told of carries a NaN on. */
const exact = new Set(['reduce', 'contract', 'move', 'gather']);

function checkNode(node: Node, known: ReadonlyMap<Node, Values>, computed: Computed): void {
  const result = computed.of(node).data;
  const again = (change: (operand: number, at: number, value: number) => number): Float64Array => {
    // An op may have one node twice among its inputs: then both change alike.
    const changed = node.inputs.map((input, operand): [Node, Values] => {
      const values = computed.of(input);
      return [input, { ...values, data: values.data.map((value, at) => change(operand, at, value)) }];
    });
    return evaluate(
      [node],
      new Map([...known].filter(([each]) => each !== node).concat(changed)),
      computed.sizes,
    )[0]!.data;
  };
  for (const at of new Set([0, result.length >> 1, result.length - 1])) {
    if (result.length === 0) continue;
    const parts = madeOf({ node, at }, computed);
    const own = node.inputs.map(
      (input) => new Set(parts.filter((part) => part.node === input).map((part) => part.at)),
    );
    const told = `${node.card.name} ${JSON.stringify(node.attributes)} at ${coordinatesOf(computed.of(node).shape, at)}`;
    const others = again((operand, each, value) => (own[operand]!.has(each) ? value : value + 1));
    expect(others[at], `${told}: others`).toBe(result[at]);
    count('elements');
    count(node.card.kind);
    if (!exact.has(node.card.kind)) continue;
    for (const part of parts.slice(0, 4)) {
      if (computed.of(part.node).dtype !== 'float32') continue;
      const poisoned = again((operand, each, value) =>
        node.inputs[operand] === part.node && each === part.at ? Number.NaN : value,
      );
      expect(poisoned[at], `${told}: its own`).toBeNaN();
    }
  }
}

test('an element depends on what it is made of', () => {
  for (const card of growing) {
    for (const recipe of fc.sample(recipes(4), { seed: seed + card.name.length, numRuns: runs(12) })) {
      const grown = grow(recipe, card);
      const graph = expandGraph(grown.graph);
      const sizes = { B: grown.rows };
      const known = new Map<Node, Values>();
      const order = topological(graph);
      for (const node of order) if (isShared(node)) known.set(node, inputNumbers(node, grown, 0));
      evaluate(order, new Map(known), sizes, (node, values) => {
        known.set(node, values);
        return values;
      });
      const computed: Computed = { of: (node) => known.get(node)!, sizes };
      for (const node of order) if (kinds.includes(node.card.kind)) checkNode(node, known, computed);
    }
  }
});
