/** Every card on TensorFlow: the documented examples, random values of its domain, and its gradient, held against the meaning. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Output } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { copy, rebuildAll, withInputs } from '../../compiler/ir/rewrite.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { literal } from '../../compiler/op/leaf.ts';
import type { Values } from '../../compiler/op/values.ts';
import { close } from '../../laws/close.ts';
import type { DocumentedCall } from '../../laws/ops/documented-calls.ts';
import { documentedCalls } from '../../laws/ops/documented-calls.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { cards } from '../../stdlib/cards.ts';
import { multiply, sum, vocabulary } from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { moduleOf } from '../support/module-of.ts';
import { valuesLike } from '../support/sampled-values.ts';
import { tally } from '../support/tally.ts';
import { InProcess, tensorflowHere } from './in-process.ts';

const found = tensorflowHere('cards on TensorFlow');

/** A call whose leaves have names that no other call's have. */
interface Named {
  readonly call: DocumentedCall;
  readonly leaves: readonly Node[];
  readonly outputs: readonly Output[];
}

function named(call: DocumentedCall, number: number): Named {
  const leaves = call.inputs.map(({ leaf, name }) =>
    copy(leaf, { name: `${call.card.name}.${number}.${name}` }),
  );
  const memo = new Map(call.inputs.map(({ leaf }, i) => [leaf, leaves[i]!]));
  const [node] = rebuildAll([call.node], withInputs, memo);
  const slopes = slopesOf(call, node!, leaves);
  const values = [node!, ...slopes];
  const outputs = values.map((value, i) => ({ name: `${call.card.name}.${number}.${i}`, value }));
  return { call, leaves, outputs };
}

/** The gradient by each real input, of a sum in which no two elements weigh the same. */
function slopesOf({ card }: DocumentedCall, node: Node, leaves: readonly Node[]): Node[] {
  const flows = card.kind === 'composite' || !('none' in card.gradient);
  const reals = leaves.filter((leaf) => leaf.dtype === 'float32');
  if (!flows || node.dtype !== 'float32' || reals.length === 0) return [];
  const shape = node.shape as readonly number[];
  const size = shape.reduce((total, dim) => total * dim, 1);
  const weights = Array.from({ length: size }, (_, i) => 0.5 + ((i * 7) % 5) / 4);
  const loss = nodeOf(sum(multiply(node, literal(weights, shape))));
  return gradients(loss, reals, vocabulary.roles).filter((slope) => slope !== undefined);
}

/** TensorFlow's threads take numbers too small for a full mantissa as 0; so do samples, and those whose square is. */
const tiny = 2 ** -50;

function sampled({ call }: Named): fc.Arbitrary<Values[]> {
  const samples = fc.tuple(
    ...call.inputs.map(({ name, values }) => valuesLike(values, call.card.domain[name.replace(/\d+$/, '')]!)),
  );
  return samples.map((all) =>
    all.map((values) => ({ ...values, data: values.data.map((x) => (Math.abs(x) < tiny ? 0 : x)) })),
  );
}

if (found) {
  const count = tally('cards on TensorFlow', { cards: 100, calls: 130, numbers: 8000 });
  const all = cards.flatMap((card) => {
    count('cards');
    return documentedCalls(card).map(named);
  });

  test('every card gives on TensorFlow what it means', async () => {
    expect(all.flatMap(({ outputs }) => problemsOf(...outputs.map(({ value }) => value)))).toEqual([]);
    const outputs = all.flatMap((each) => each.outputs);
    const graph = { name: 'cards', program: 'step', outputs, updates: [], span: nowhere } as const;
    const session = await InProcess.load(moduleOf(graph, [], 1), found.file);
    const wrong = new Map<string, string>();
    const compare = (samples: readonly (readonly Values[])[]): void => {
      const feeds = new Map(
        all.flatMap(({ leaves }, i) => leaves.map((leaf, k) => [leaf, samples[i]![k]!] as const)),
      );
      const byName = new Map([...feeds].map(([leaf, values]) => [leaf.name!, values.data]));
      const got = session.run('step', 1, (input) => byName.get(input)!);
      for (const [i, each] of all.entries()) {
        const want = evaluate(
          each.outputs.map(({ value }) => value),
          feeds,
        );
        const { card } = each.call;
        const tolerance = card.tolerance.tensorflow ?? 2e-5;
        for (const [o, output] of each.outputs.entries()) {
          const numbers = got[output.name]!;
          expect(numbers.length, output.name).toBe(want[o]!.data.length);
          want[o]!.data.forEach((number, at) => {
            count('numbers');
            const isReal = want[o]!.dtype === 'float32';
            if (close(numbers[at]!, number, isReal ? tolerance : 0, isReal ? tolerance : 0)) return;
            const given = samples[i]!.map(({ data }) => `[${data}]`).join(' ');
            wrong.set(
              output.name,
              `${each.call.text}, ${o === 0 ? 'value' : `slope ${o}`}[${at}]: ${numbers[at]} for ${number} at ${given}`,
            );
          });
        }
        count('calls');
      }
    };
    compare(all.map(({ call }) => call.inputs.map(({ values }) => values)));
    fc.assert(fc.property(fc.tuple(...all.map(sampled)), compare), { numRuns: runs(8), endOnFailure: true });
    session.end();
    expect([...wrong.values()]).toEqual([]);
  });
} else test('TensorFlow is not set up here', () => {});
