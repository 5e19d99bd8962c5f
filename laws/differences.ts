/** Slopes by differences: what gradients are held to. */
import type { Node } from '../compiler/ir/node.ts';
import type { Sizes } from '../compiler/ir/symbols.ts';
import type { Values } from '../compiler/op/values.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';

/** As many elements of one leaf are tried, evenly spread. */
const most = 8;

/** ∂loss/∂leaf at some elements, by fourth-order central differences; left out where the two sides differ, as at a tie. */
export function* slopesOf(
  loss: Node,
  feeds: ReadonlyMap<Node, Values>,
  leaf: Node,
  sizes: Sizes = {},
): Generator<readonly [at: number, slope: number]> {
  const before = feeds.get(leaf)!;
  const apart = Math.max(1, Math.floor(before.data.length / most));
  for (let i = 0; i < before.data.length; i += apart) {
    const slope = slopeAt(loss, feeds, leaf, i, sizes);
    if (slope !== undefined) yield [i, slope];
  }
}

function slopeAt(
  loss: Node,
  feeds: ReadonlyMap<Node, Values>,
  leaf: Node,
  i: number,
  sizes: Sizes,
): number | undefined {
  const h = 1e-4;
  const before = feeds.get(leaf)!;
  const at = (shift: number): number => {
    const data = before.data.slice();
    data[i] = data[i]! + shift;
    return evaluate([loss], new Map(feeds).set(leaf, { ...before, data }), sizes)[0]!.data[0]!;
  };
  const [here, right, left, right2, left2] = [at(0), at(h), at(-h), at(2 * h), at(-2 * h)];
  const [ahead, behind] = [(right - here) / h, (here - left) / h];
  const bend = Math.abs(right - 2 * here + left) / h;
  if (bend > 0.02 * (1 + Math.abs(ahead) + Math.abs(behind))) return undefined;
  return (8 * (right - left) - (right2 - left2)) / (12 * h);
}
