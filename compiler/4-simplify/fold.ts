/** Constant folding: an elementwise op on constants is a constant, by the op's own meaning. */
import { constantOf, isConstant } from '../ir/facts.ts';
import { byName } from '../ir/inputs.ts';
import type { Node } from '../ir/node.ts';
import { at } from '../ir/site.ts';
import { constant } from '../op/leaf.ts';

/** The constant that the node is, if all its inputs are constants and it works elementwise. */
export function foldConstant(node: Node): Node | undefined {
  const { card, inputs, type } = node;
  if (card.kind !== 'map' && card.kind !== 'zip') return undefined;
  if (!type || !card.scalar || !inputs.every(isConstant)) return undefined;
  const value = card.scalar(
    byName(
      card,
      inputs.map((input) => constantOf(input)!),
    ),
    node.attributes,
    type.dtype,
  );
  const rounded =
    type.dtype === 'float32' ? Math.fround(value) : type.dtype === 'int32' ? value | 0 : Number(value !== 0);
  return at(node.span, () => constant(rounded, type.shape, type.dtype));
}
