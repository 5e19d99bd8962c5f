/** The product of two tensors over one shared axis. */
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { contract } from './parts/contract.ts';

type Dot = <A extends Tensor, B extends Tensor>(a: A, b: B) => Tensor<Shape, DTypeOf<A>>;

/**
 * The sum of products over the last axis of a and the second to last of b (or its only one), as in NumPy: of vectors the
 * inner product, of matrices `matmul`; a scalar multiplies.
 */
export const dot: Op<Dot> = composite({
  name: 'dot',
  inputs: { a: numeric, b: numeric },
  body: ({ a, b }) => {
    if (a.shape.length === 0 || b.shape.length === 0) return multiply(a, b);
    const [left, right] = [a.shape.length - 1, Math.max(b.shape.length - 2, 0)];
    if (a.shape[left] !== b.shape[right]) {
      throw new TypeMismatch({
        message: `dot cannot contract ${a.shape[left]} with ${b.shape[right]}`,
        blame: 1,
        label: `the last axis of ${typeText(a)} meets axis ${right} of ${typeText(b)}`,
        expected: `${a.shape[left]} along axis ${right} of the second`,
        received: typeText(b),
      });
    }
    return contract(a, b, { over: [[left], [right]] });
  },
  domain: { a: reals(), b: reals() },
  examples: [
    [
      [
        [1, 2],
        [3, 4],
      ],
      11,
    ],
  ],
});
