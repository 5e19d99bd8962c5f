/** Who owns a parameter, and what freezing a layer reaches. */
import { expect, test } from 'vitest';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { isFrozen, ownedBy } from '../../compiler/op/freeze.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { batchNormalization, dense, freeze, sequential } from '../../stdlib/index.ts';

const x = input('x', ['B', 3], 'float32');

/** Parameters and state under a tensor. */
function heldUnder(tensor: Tensor): Node[] {
  const below = ({ inputs, body }: Node): Node[] => [...inputs, ...(body ? [body] : [])];
  return nodesUnder([nodeOf(tensor)], below).filter((node) => node.initial !== undefined);
}

const frozenAmong = (held: readonly Node[]): string[] =>
  held.flatMap((leaf) => (isFrozen(leaf.scope) ? [`${leaf.name}`] : [])).sort();

test('a layer owns its parameters, and the layers that call it own them too', () => {
  const [first, second] = [dense(4), dense(2)];
  const model = sequential(first, second);
  const held = heldUnder(model(x));
  expect(held.map((leaf) => ownedBy(leaf, model))).toEqual([true, true, true, true]);
  expect(held.filter((leaf) => ownedBy(leaf, first)).map(({ shape }) => shape)).toEqual([[3, 4], [4]]);
  expect(held.filter((leaf) => ownedBy(leaf, second)).map(({ shape }) => shape)).toEqual([[4, 2], [2]]);
  expect(held.some((leaf) => ownedBy(leaf, dense(4)))).toBe(false);
});

test('a layer that was first used alone belongs to what calls it later', () => {
  const shared = dense(3);
  const held = heldUnder(shared(x));
  const model = sequential(sequential(shared));
  expect(held.some((leaf) => ownedBy(leaf, model))).toBe(false);
  model(x);
  expect(held.every((leaf) => ownedBy(leaf, model))).toBe(true);
});

test('freezing reaches all layers inside, before or after they are used, and none beside them', () => {
  const base = sequential(dense(4), batchNormalization());
  const head = dense(2);
  const held = heldUnder(head(base(x)));
  expect(frozenAmong(held)).toEqual([]);
  expect(freeze(base)).toBe(base);
  expect(frozenAmong(held)).toEqual(['beta', 'bias', 'gamma', 'kernel', 'movingMean', 'movingVariance']);
  const early = freeze(dense(2));
  expect(frozenAmong(heldUnder(early(x)))).toEqual(['bias', 'kernel']);
});

test('freeze refuses what is no layer', () => {
  // @ts-expect-error a function that owns nothing
  expect(() => freeze((y: Tensor) => y)).toThrow('ARG101');
});
