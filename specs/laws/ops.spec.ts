/** One loop over the vocabulary: what each card claims, held against its own meaning. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { literal } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { cards } from '../../stdlib/cards.ts';
import { multiply, sum, vocabulary } from '../../stdlib/index.ts';
import { close } from '../support/close.ts';
import type { DocumentedCall } from '../support/documented-calls.ts';
import { documentedCalls, flat } from '../support/documented-calls.ts';
import { runs } from '../support/effort.ts';
import { valuesLike } from '../support/sampled-values.ts';
import { tally } from '../support/tally.ts';

const count = tally('laws of ops', { cards: 100, examples: 130, values: 3000, slopes: 3500 });

const feedsOf = (call: DocumentedCall, values: readonly Values[]): Map<Node, Values> =>
  new Map(call.inputs.map(({ leaf }, i) => [leaf, values[i]!]));

/** Values for all leaves of a call, from the domains of its inputs. */
function sampled(call: DocumentedCall): fc.Arbitrary<Values[]> {
  return fc.tuple(
    ...call.inputs.map(({ name, values }) => valuesLike(values, call.card.domain[name.replace(/\d+$/, '')]!)),
  );
}

describe.each(cards.map((card) => [card.name, card] as const))('%s', (_, card) => {
  const calls = documentedCalls(card);
  count('cards');

  test('is documented: examples, a domain for each input, a gradient or the reason why not', () => {
    expect(calls.length).toBeGreaterThan(0);
    expect(Object.keys(card.domain).sort()).toEqual(Object.keys(card.inputs).sort());
    if (card.kind !== 'composite') expect(card.gradient).toBeDefined();
  });

  test.each(calls.map((call) => [call.text, call] as const))('%s holds', (_, call) => {
    expect(problemsOf(call.node)).toEqual([]);
    const [got] = evaluate(
      [call.node],
      feedsOf(
        call,
        call.inputs.map(({ values }) => values),
      ),
    );
    const want = flat(call.result as number[]);
    expect(got!.data).toHaveLength(want.length);
    got!.data.forEach((value, i) => {
      expect(close(value, want[i]!, 1e-6, 1e-7), `element ${i}: ${value} for ${want[i]}`).toBe(true);
    });
    count('examples');
  });

  test('has the type it says it has', () => {
    for (const call of calls) {
      fc.assert(
        fc.property(sampled(call), (values) => {
          const [got] = evaluate([call.node], feedsOf(call, values));
          expect({ dtype: got!.dtype, shape: [...got!.shape] }).toEqual({
            dtype: call.node.type!.dtype,
            shape: [...call.node.type!.shape],
          });
          expect(got!.data).toHaveLength(got!.shape.reduce((size, dim) => size * dim, 1));
          for (const value of got!.data) {
            if (got!.dtype === 'bool') expect(value === 0 || value === 1).toBe(true);
            if (got!.dtype === 'int32') expect(Object.is(value | 0, value) || value === 0).toBe(true);
          }
          count('values');
        }),
        { numRuns: runs(25) },
      );
    }
  });

  test('has the gradient that its meaning has', () => {
    for (const call of calls) {
      const reals = call.inputs.filter(({ values }) => values.dtype === 'float32');
      const flows = card.kind === 'composite' || !('none' in card.gradient);
      if (call.node.type!.dtype !== 'float32' || reals.length === 0 || !flows || passesNone(card.name))
        continue;
      // Unequal weights, so that a gradient that mixes elements up shows.
      const size = call.node.type!.shape.reduce<number>((total, dim) => total * Number(dim), 1);
      const weights = Array.from({ length: size }, (_, i) => 0.5 + ((i * 7) % 5) / 4);
      const loss = nodeOf(sum(multiply(call.node, literal(weights, call.node.type!.shape as number[]))));
      const slopes = gradients(
        loss,
        reals.map(({ leaf }) => leaf),
        vocabulary.roles,
      );
      fc.assert(
        fc.property(sampled(call), (values) => {
          const feeds = feedsOf(call, values);
          const got = slopes.map((slope) => (slope ? evaluate([slope], feeds)[0]! : undefined));
          reals.forEach(({ leaf, name }, r) => {
            feeds.get(leaf)!.data.forEach((_, i) => {
              const want = centralDifference(loss, feeds, leaf, i);
              if (want === undefined) return;
              const slope = got[r]?.data[i] ?? 0;
              const at = `∂${name}[${i}] at ${values.map(({ data }) => `[${data}]`)}: ${slope} for ${want}`;
              expect(close(slope, want, 2e-5, 2e-6), at).toBe(true);
              count('slopes');
            });
          });
        }),
        { numRuns: runs(10) },
      );
    }
  });
});

/** Marks of their own meaning: differentiation stops at them though the value goes on. */
function passesNone(name: string): boolean {
  return name === 'stopGradient';
}

/** Σ of the loss. */
function lossAt(loss: Node, feeds: Map<Node, Values>, leaf: Node, i: number, shift: number): number {
  const before = feeds.get(leaf)!;
  const data = before.data.slice();
  data[i] = data[i]! + shift;
  return evaluate([loss], new Map(feeds).set(leaf, { ...before, data }))[0]!.data[0]!;
}

/** (f(x + h) − f(x − h)) / 2h to fourth order; nothing where the slopes on the two sides differ, as at a tie. */
function centralDifference(loss: Node, feeds: Map<Node, Values>, leaf: Node, i: number): number | undefined {
  const h = 1e-4;
  const at = (shift: number): number => lossAt(loss, feeds, leaf, i, shift);
  const [here, right, left, right2, left2] = [at(0), at(h), at(-h), at(2 * h), at(-2 * h)];
  const [ahead, behind] = [(right - here) / h, (here - left) / h];
  const bend = Math.abs(right - 2 * here + left) / h;
  if (bend > 0.02 * (1 + Math.abs(ahead) + Math.abs(behind))) return undefined;
  return (8 * (right - left) - (right2 - left2)) / (12 * h);
}
