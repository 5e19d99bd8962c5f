/** The law of gradients: what the card says is the slope of what the op means. */
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, typeOf } from '../../compiler/ir/node.ts';
import { literal } from '../../compiler/op/leaf.ts';
import type { Roles } from '../../compiler/op/roles.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import { close } from '../close.ts';
import type { Draws } from '../draw.ts';
import { holds } from '../law-test.ts';
import type { Feeds } from './case.ts';
import { drawn, textOf, valueOf } from './case.ts';
import type { DocumentedCall } from './documented-calls.ts';

/** Whether the op has a gradient to check in this example. */
export function hasSlopes({ card, node, inputs }: DocumentedCall): boolean {
  const flows = card.kind === 'composite' || !('none' in card.gradient);
  return flows && node.type?.dtype === 'float32' && inputs.some(({ values }) => values.dtype === 'float32');
}

/** For each real input, the gradient beside central differences. Gives the number of slopes compared. */
export function hasItsGradient(call: DocumentedCall, roles: Roles, draws: Draws, runs: number): number {
  const shape = typeOf(call.node).shape.map(Number);
  // Unequal weights, so that a gradient that mixes elements up shows.
  const weights = Array.from({ length: sizeOf(shape) }, (_, i) => 0.5 + ((i * 7) % 5) / 4);
  const loss = nodeOf(roles.sum(roles.multiply(call.node, literal(weights, shape)), { axis: null }));
  const reals = call.inputs.filter(({ values }) => values.dtype === 'float32');
  const slopes = gradients(
    loss,
    reals.map(({ leaf }) => leaf),
    roles,
  );
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const feeds = drawn(call, draws);
    for (const [r, { leaf, name, values }] of reals.entries()) {
      const slope = slopes[r];
      const got = slope && valueOf(slope, feeds);
      for (let i = 0; i < values.data.length; i++) {
        const want = centralDifference(loss, feeds, leaf, i);
        if (want === undefined) continue;
        const found = got?.data[i] ?? 0;
        holds(
          close(found, want, 2e-5, 2e-6),
          () => `∂${name}[${i}] of ${call.text} at ${textOf(feeds)}: ${found} for ${want}`,
        );
        count++;
      }
    }
  }
  return count;
}

function lossAt(loss: Node, feeds: Feeds, leaf: Node, i: number, shift: number): number {
  const before = feeds.get(leaf);
  if (!before) throw new Error('internal: an input without values');
  const data = before.data.with(i, before.data[i]! + shift);
  return valueOf(loss, new Map(feeds).set(leaf, { ...before, data })).data[0]!;
}

/** (f(x + h) − f(x − h)) / 2h to fourth order; nothing where the slopes on the two sides differ, as at a tie. */
function centralDifference(loss: Node, feeds: Feeds, leaf: Node, i: number): number | undefined {
  const h = 1e-4;
  const at = (shift: number): number => lossAt(loss, feeds, leaf, i, shift);
  const [here, right, left, right2, left2] = [at(0), at(h), at(-h), at(2 * h), at(-2 * h)];
  const [ahead, behind] = [(right - here) / h, (here - left) / h];
  const bend = Math.abs(right - 2 * here + left) / h;
  if (bend > 0.02 * (1 + Math.abs(ahead) + Math.abs(behind))) return undefined;
  return (8 * (right - left) - (right2 - left2)) / (12 * h);
}
