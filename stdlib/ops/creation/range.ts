/** Numbers one step after the other. */
import { ARG102 } from '../../../compiler/diagnostics/argument.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { literal } from '../../../compiler/op/leaf.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DType, Tensor } from '../../../dsl/tensor.ts';
import { holds } from './parts/creation.ts';

export interface RangeOptions<D extends DType = DType> {
  /** From one number to the next, other than 0; backwards if negative. Default 1. */
  readonly step?: number | undefined;
  /** Default `float32`. */
  readonly dtype?: D | undefined;
}
type Range = <D extends DType = 'float32'>(
  start: number,
  stop: number,
  options?: RangeOptions<D>,
) => Tensor<readonly [number], D>;

/** start, start + step, … up to `stop`, which is no part of it: `range(0, 4)` is [0, 1, 2, 3]. */
export const range: Op<Range> = composite({
  name: 'range',
  inputs: {},
  options: {
    start: option.number(),
    stop: option.number(),
    step: option.number(1),
    dtype: option.dtype('float32'),
  },
  positional: ['start', 'stop'],
  body: (_, { start, stop, step, dtype }) => {
    const count = Math.max(0, Math.ceil((stop - start) / step));
    const numbers = Number.isFinite(count) ? Array.from({ length: count }, (_, i) => start + i * step) : [];
    if (step === 0 || !Number.isFinite(count) || !numbers.every((value) => holds(dtype, value))) {
      throw new TypeMismatch({
        code: ARG102,
        message: `range cannot count from ${start} to ${stop} by ${step} in ${dtype}`,
        expected: 'finite ends, a step other than 0, and numbers that the dtype holds',
        received: `start ${start}, stop ${stop}, step ${step}`,
      });
    }
    return literal(numbers, [count], dtype);
  },
  examples: [
    [
      [0, 4],
      [0, 1, 2, 3],
    ],
    [
      [3, 0, { step: -2, dtype: 'int32' }],
      [3, 1],
    ],
  ],
});
