/** Windows put back where they were taken from. */
import { numeric } from '../../../../compiler/op/accepts.ts';
import type { Op, TensorType, View } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../../compiler/op/signatures.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import { filled, offsetOf, tabulate } from '../../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { checkWindowing, spatialSizes, windows, windowView } from '../windows.ts';
import type { Windowing } from './windowing.ts';
import { eachOr1, placesIn, reach } from './windowing.ts';

export interface OverlapAddOptions {
  /** The sizes of the spatial axes of the result. */
  readonly lengths: readonly number[];
  /** From one window to the next; default 1 each. */
  readonly strides?: readonly number[];
  /** From one element of a window to the next; default 1 each. */
  readonly dilation?: readonly number[];
}
type OverlapAdd = <X extends Tensor>(x: X, options: OverlapAddOptions) => Tensor<Shape, DTypeOf<X>>;

type Laid = Required<OverlapAddOptions>;

function windowingFor(x: Pick<TensorType, 'shape'>, { lengths, strides, dilation }: Laid): Windowing {
  const spatial = lengths.length;
  return {
    size: x.shape.slice(1 + spatial, 1 + 2 * spatial) as number[],
    strides: eachOr1(strides, spatial),
    dilation: eachOr1(dilation, spatial),
  };
}

function gathered(x: TensorType, options: Laid, op: string): Shape {
  const { lengths } = options;
  const spatial = lengths.length;
  const places = spatialSizes(x, 2 * spatial, op).slice(0, spatial);
  const windowing = windowingFor(x, options);
  checkWindowing(windowing, op);
  const { size, strides, dilation } = windowing;
  const fitting = lengths.map((length, i) => placesIn(length, reach(size[i]!, dilation[i]!), strides[i]!));
  if (fitting.some((count, i) => count !== places[i])) {
    throw new TypeMismatch({
      message: `${op} cannot lay these windows into ${lengths.join(' × ')} elements`,
      blame: 0,
      expected: `${fitting.join(' × ')} windows`,
      received: typeText(x),
    });
  }
  return [x.shape[0]!, ...lengths, ...x.shape.slice(1 + 2 * spatial)];
}

function landing(x: Pick<TensorType, 'shape'>, options: Laid): View {
  return windowView(x.shape.length - options.lengths.length, windowingFor(x, options));
}

/**
 * [B, …places, …size, …rest] → [B, …lengths, …rest]: zeros, with each element of each window added where `windows` would
 * have taken it from. The adjoint of `windows`.
 */
export const overlapAdd: Op<OverlapAdd> = defineOp({
  name: 'overlapAdd',
  kind: 'overlap',
  inputs: { x: numeric },
  options: { lengths: option.wholes(), strides: option.wholes([]), dilation: option.wholes([]) },
  type: ({ x }, options, op) => ({ dtype: x.dtype, shape: gathered(x, options, op) }),
  evaluate: ({ x }, options, { dtype, shape }) => {
    const result = filled(dtype, shape, 0);
    const { axes, steps } = landing(x, options);
    const to = shape.map(() => 0);
    let i = 0;
    tabulate(dtype, x.shape, (at) => {
      to.fill(0);
      at.forEach((coordinate, o) => {
        to[axes[o]!] = to[axes[o]!]! + coordinate * steps![o]!;
      });
      const slot = offsetOf(result.shape, to);
      const sum = result.data[slot]! + x.data[i++]!;
      result.data[slot] = dtype === 'int32' ? sum | 0 : sum;
      return 0;
    });
    return result;
  },
  landing: ({ x }, options) => landing(x, options),
  gradient: ({ inputs: { x }, options, dy }) => ({ x: windows(dy, windowingFor(x, options)) }),
  lower: {},
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [
            [1, 2],
            [10, 20],
            [100, 200],
          ],
        ],
        { lengths: [4] },
      ],
      [[1, 12, 120, 200]],
    ],
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        { lengths: [7], strides: [3] },
      ],
      [[1, 2, 0, 3, 4, 0, 0]],
    ],
  ],
});
