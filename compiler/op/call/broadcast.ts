/** Stretches the inputs of an elementwise op to one shape, by NumPy's rule. */
import type { Shape } from '../../../dsl/tensor.ts';
import { SHP202 } from '../../diagnostics/shape.ts';
import { broadcastShapes, sameShape, shapeText } from '../../ir/dim.ts';
import { Node, typeOf } from '../../ir/node.ts';
import { calledAs, siteScope, siteSpan } from '../../ir/site.ts';
import { broadcastCard } from '../broadcast.ts';
import type { Primitive } from '../card.ts';
import { constant, constantCard } from '../leaf.ts';
import { TypeMismatch } from '../mismatch.ts';
import { typeText } from '../type-text.ts';

/** The inputs in their joint shape; throws a `TypeMismatch` (SHP202) where there is none. */
export function stretched(card: Primitive, inputs: readonly Node[]): Node[] {
  let shape: Shape = [];
  for (const [blame, node] of inputs.entries()) {
    const type = typeOf(node);
    const joint = broadcastShapes(shape, type.shape);
    if (!joint) {
      throw new TypeMismatch({
        code: SHP202,
        message: `${calledAs(card.name)} cannot broadcast ${shapeText(shape)} with ${shapeText(type.shape)}`,
        blame,
        label: 'does not broadcast with what stands before it',
        expected: `a shape that broadcasts with ${shapeText(shape)}`,
        received: typeText(type),
        hint: 'axes are aligned from the last; each pair must be equal, or one of them 1',
      });
    }
    shape = joint;
  }
  return inputs.map((node) => stretch(node, shape));
}

function stretch(node: Node, shape: Shape): Node {
  const type = typeOf(node);
  if (sameShape(type.shape, shape)) return node;
  const { card, attributes } = node;
  if (card === constantCard && type.shape.length === 0) {
    return constant(Number(attributes.value), shape, type.dtype);
  }
  const [span, scope] = [siteSpan(), siteScope()];
  return new Node({
    card: broadcastCard,
    inputs: [node],
    attributes: { shape },
    type: { dtype: type.dtype, shape },
    span,
    scope,
  });
}
