/** Plain numbers and truths in the place of tensors: constants of the dtype of the tensors beside them. */
import type { DType } from '../../../dsl/tensor.ts';
import { Node } from '../../ir/node.ts';
import type { Card } from '../card.ts';
import { constant } from '../leaf.ts';

/** What may stand where a tensor is expected. */
export type Like = Node | number | boolean;

export const isTensorLike = (value: unknown): value is Like =>
  value instanceof Node || typeof value === 'number' || typeof value === 'boolean';

// A fraction beside whole numbers stays a fraction, so that the op can say that the dtypes differ.
const holds = (dtype: DType, value: number): boolean =>
  dtype === 'float32' || (dtype === 'int32' && Number.isInteger(value));

/** Plain numbers take the dtype of the tensors beside them, if the op lets them share one. */
export function asNodes(card: Card, values: readonly Like[]): Node[] {
  const specs = Object.values(card.inputs);
  const specOf = (i: number) => specs[i] ?? specs[0]!;
  return values.map((value, i) => {
    if (value instanceof Node) return value;
    const { accepts } = specOf(i);
    if (typeof value === 'boolean' && accepts.includes('bool')) return constant(Number(value), [], 'bool');
    const partners = values.flatMap((other, j) =>
      other instanceof Node && other.type && specOf(j).accepts === accepts ? [other.type.dtype] : [],
    );
    const fitting = partners.find((dtype) => accepts.includes(dtype) && holds(dtype, Number(value)));
    const alone: DType = accepts.includes('float32') ? 'float32' : accepts[0]!;
    return constant(Number(value), [], fitting ?? alone);
  });
}
