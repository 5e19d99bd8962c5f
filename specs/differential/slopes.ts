/** Compares gradients with central differences. */
import { expand } from '../../compiler/2-check/expand.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';

const step = 1e-4;

/** Ops whose slope is infinite where an input is 0. */
const poles = new Set(['sqrt', 'log', 'power', 'divide']);

export interface Judgement {
  readonly judged: number;
  /** Slopes that differ from one side to the other: kinks, steps, poles. */
  readonly kinks: number;
  readonly wrong?: string;
}

/**
 * Looks at a few elements of each leaf; `found` are the gradients that reverse mode gave. What lets no gradient through
 * is held still: it is either a staircase, or stops gradients on purpose.
 */
export function judgeSlopes(
  loss: Node,
  leaves: readonly Node[],
  found: readonly ArrayLike<number>[],
  feeds: ReadonlyMap<Node, Values>,
  rows: number,
): Judgement {
  let [judged, kinks] = [0, 0];
  const [root] = expand([loss]) as [Node];
  const order = nodesUnder([root]);
  const still = order.filter(
    ({ card }) => card.kind !== 'leaf' && 'gradient' in card && 'none' in card.gradient,
  );
  const values = evaluate(order, feeds, { B: rows });
  const known = new Map(order.map((node, i): [Node, Values] => [node, values[i]!]));
  const held = new Map([...feeds, ...still.map((node): [Node, Values] => [node, known.get(node)!])]);
  const atPole = order.some(
    ({ card, inputs }) => poles.has(card.name) && inputs.some((input) => known.get(input)!.data.includes(0)),
  );
  const lossAt = (leaf: Node, element: number, by: number): number => {
    const values = feeds.get(leaf)!;
    const data = values.data.slice();
    data[element]! += by;
    return evaluate([root], new Map([...held, [leaf, { ...values, data }]]), { B: rows })[0]!.data[0]!;
  };
  for (const [i, leaf] of leaves.entries()) {
    const { length } = feeds.get(leaf)!.data;
    const stride = Math.max(1, Math.floor(length / 4));
    for (let element = i % stride; element < length; element += stride) {
      const here = lossAt(leaf, element, 0);
      const [wide, narrow] = [step, step / 4].map(
        (by) => (lossAt(leaf, element, by) - lossAt(leaf, element, -by)) / (2 * by),
      ) as [number, number];
      const [right, left] = [step, -step].map((by) => (lossAt(leaf, element, by) - here) / by) as [
        number,
        number,
      ];
      const scale = 1 + Math.abs(narrow) + Math.abs(here) / 1e3;
      const smooth = Math.abs(wide - narrow) <= 1e-5 * scale && Math.abs(right - left) <= 0.02 * scale;
      if (!smooth) {
        kinks++;
        continue;
      }
      const slope = found[i]![element]!;
      if (atPole && !Number.isFinite(slope)) {
        kinks++;
        continue;
      }
      judged++;
      if (!(Math.abs(slope - narrow) <= 5e-5 * scale)) {
        return { judged, kinks, wrong: `∂loss/∂${leaf.name}[${element}] is ${slope}, not ${narrow}` };
      }
    }
  }
  return { judged, kinks };
}
