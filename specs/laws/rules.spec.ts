/** Each simplification rule on its own examples: it fires, keeps values and types, and makes nothing more expensive. */
import { describe, expect, test } from 'vitest';
import { expand } from '../../compiler/2-check/expand.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Rule } from '../../compiler/op/vocabulary.ts';
import { close } from '../../laws/close.ts';
import { specialFloats } from '../../laws/special-values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { rules } from '../../stdlib/rules.ts';
import { runs } from '../support/effort.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';

const count = tally('rules', { rules: 25, examples: 50, values: 20_000 });
const random = randomNumbers(99);

const x = input('x', [3, 4], 'float32');
const y = input('y', [3, 4], 'float32');

function sample(): Values {
  const data = Float64Array.from({ length: 12 }, () =>
    random() < 0.4
      ? specialFloats[Math.floor(random() * specialFloats.length)]!
      : Math.fround((random() - 0.5) * 8),
  );
  return { dtype: 'float32', shape: [3, 4], data };
}

/** What computing a node takes: elements times cost, and the number of nodes, which rules must bring down. */
function costOf(root: Node): { readonly work: number; readonly nodes: number } {
  const nodes = nodesUnder([root]);
  const work = nodes.reduce((total, node) => {
    if (node.card.kind === 'composite') throw new Error('internal: not expanded');
    const size = node.type!.shape.reduce<number>((elements, dim) => elements * Number(dim), 1);
    return total + node.card.cost * size;
  }, 0);
  return { work, nodes: nodes.length };
}

function rewritten(rule: Rule, left: Node): Node {
  const result = rule.rewrite(left);
  if (!result) expect.fail(`${rule.name} does not fire on its own example ${left.card.name}`);
  return expand([nodeOf(result)])[0]!;
}

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  // The rules see primitives only, each with its inputs settled.
  const examples = rule.examples(x, y).map((left) => expand([nodeOf(left)])[0]!);
  count('rules');

  test('fires, and keeps the type', () => {
    for (const left of examples) {
      expect(rewritten(rule, left).type).toEqual(left.type);
      count('examples');
    }
  });

  test('keeps every value: NaN, infinities and the signs of zeros', () => {
    for (const left of examples) {
      const right = rewritten(rule, left);
      for (let i = 0; i < runs(60); i++) {
        const feeds = new Map([
          [x, sample()],
          [y, sample()],
        ]);
        const [want, got] = evaluate([left, right], feeds);
        want!.data.forEach((value, k) => {
          const equal =
            Object.is(value, got!.data[k]!) || (value !== 0 && close(got!.data[k]!, value, 1e-14, 0));
          if (!equal)
            expect.fail(`${rule.name}: ${got!.data[k]} for ${value}, element ${k} of ${feeds.get(x)!.data}`);
          count('values');
        });
      }
    }
  });

  test('makes nothing more expensive, and something less: it comes to rest', () => {
    for (const left of examples) {
      const [before, after] = [costOf(left), costOf(rewritten(rule, left))];
      expect(after.work).toBeLessThanOrEqual(before.work);
      expect(after.nodes).toBeLessThanOrEqual(before.nodes);
      expect(after.work < before.work || after.nodes < before.nodes).toBe(true);
    }
  });
});
