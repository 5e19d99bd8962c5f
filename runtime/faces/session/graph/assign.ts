/** Assignments: tensors whose computation sets a variable, and which have its new value. */
import { add, subtract } from 'millrace';
import { sameShape } from '../../../../compiler/ir/dim.ts';
import { Node, nodeOf, typeOf } from '../../../../compiler/ir/node.ts';
import { any } from '../../../../compiler/op/accepts.ts';
import { make } from '../../../../compiler/op/call/apply.ts';
import type { Card } from '../../../../compiler/op/card.ts';
import { primitiveCard } from '../../../../compiler/op/define/primitive.ts';
import { constant } from '../../../../compiler/op/leaf.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Tensor, TensorLike } from '../../../../dsl/tensor.ts';
import { variableIn } from './variable.ts';

const assignCard: Card = primitiveCard({
  name: 'assign',
  summary: 'the new value of a variable, which is set when the run ends',
  kind: 'update',
  inputs: { x: any, target: any, value: any },
  type: ({ target, value }, _, op) => {
    if (target.dtype === value.dtype && sameShape(target.shape, value.shape)) return value;
    throw new TypeMismatch({
      message: `${op} cannot put ${typeText(value)} into a variable of ${typeText(target)}`,
      blame: 1,
      expected: typeText(target),
      received: typeText(value),
    });
  },
  evaluate: ({ x }) => x,
  gradient: ({ dy }) => ({ x: dy, target: undefined, value: undefined }),
});

/** Whether an update is an assignment of the user's, made whenever it is computed. */
export const isAssignment = (card: Card): boolean => card === assignCard;

/**
 * The value that `target` takes when a run that computes it ends; fetched, it is the new value. All values in a run are
 * those of its start: two assignments in one run do not see each other. A number is put into every element; a tensor has the
 * shape and dtype of the variable, else SHP201. SES907 where `target` is no variable.
 */
export function assign<X extends Tensor>(target: X, value: TensorLike): Tensor<X['shape'], X['dtype']> {
  const held = variableIn(target, 'assign sets variables');
  return assigned(held, value instanceof Node ? value : filled(held, Number(value)));
}

/** `assign(target, target + value)`. */
export function assignAdd<X extends Tensor>(target: X, value: TensorLike): Tensor<X['shape'], X['dtype']> {
  return assigned(variableIn(target, 'assignAdd sets variables'), add(target, value));
}

/** `assign(target, target − value)`. */
export function assignSub<X extends Tensor>(target: X, value: TensorLike): Tensor<X['shape'], X['dtype']> {
  return assigned(variableIn(target, 'assignSub sets variables'), subtract(target, value));
}

function assigned<X extends Tensor>(target: Node, value: Tensor): Tensor<X['shape'], X['dtype']> {
  const node = nodeOf(value);
  return make(assignCard, [node, target, node], {}) as Tensor as Tensor<X['shape'], X['dtype']>;
}

function filled(target: Node, value: number): Node {
  const { shape, dtype } = typeOf(target);
  return constant(value, shape, dtype);
}
