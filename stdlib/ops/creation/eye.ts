/** The identity matrix. */
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { iota } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DType, Tensor } from '../../../dsl/tensor.ts';
import { equal } from '../comparison/equal.ts';
import { cast } from '../conversion/cast.ts';

export interface EyeOptions<D extends DType = DType> {
  /** Default `float32`. */
  readonly dtype?: D | undefined;
}
type Eye = {
  <const N extends number, D extends DType = 'float32'>(
    rows: N,
    options?: EyeOptions<D>,
  ): Tensor<readonly [N, N], D>;
  <const N extends number, const M extends number, D extends DType = 'float32'>(
    rows: N,
    columns: M,
    options?: EyeOptions<D>,
  ): Tensor<readonly [N, M], D>;
};

/** A matrix with 1 on the diagonal and 0 elsewhere; as many columns as rows unless told otherwise. */
export const eye: Op<Eye> = composite({
  name: 'eye',
  inputs: {},
  options: { rows: option.count(), columns: option.countOrNull(null), dtype: option.dtype('float32') },
  positional: ['rows', 'columns'],
  body: (_, { rows, columns, dtype }) => {
    const shape = [rows, columns ?? rows];
    return cast(equal(iota(shape, 0), iota(shape, 1)), dtype);
  },
  examples: [
    [
      [2],
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [[1, 3], [[1, 0, 0]]],
  ],
});
