/** Windows that slide over the spatial axes. */
import { SHP207 } from '../../../compiler/diagnostics/shape.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Op, TensorType, View } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { overlapAdd } from './parts/overlapAdd.ts';
import type { Windowing } from './parts/windowing.ts';
import { axesFrom, placesIn, reach, windowingOf } from './parts/windowing.ts';

export interface WindowsOptions {
  /** Elements of a window along each spatial axis. */
  readonly size: readonly number[];
  /** From one window to the next; default 1 each. */
  readonly strides?: readonly number[] | undefined;
  /** From one element of a window to the next; default 1 each. */
  readonly dilation?: readonly number[] | undefined;
}
type Windows = <X extends Tensor>(x: X, options: WindowsOptions) => Tensor<Shape, DTypeOf<X>>;

/** Refuses counts that are no windows. */
export function checkWindowing({ size, strides, dilation }: Windowing, op: string): void {
  const counts = [...size, ...strides, ...dilation];
  const even = strides.length === size.length && dilation.length === size.length;
  if (even && size.length > 0 && counts.every((count) => count >= 1)) return;
  throw new TypeMismatch({
    message: `${op} needs a size, a stride and a dilation for each spatial axis`,
    expected: 'lists of one length, of whole numbers from 1 up',
    received: `size ${JSON.stringify(size)}, strides ${JSON.stringify(strides)}, dilation ${JSON.stringify(dilation)}`,
  });
}

/** Axes 1, 2, … of x, whose sizes must be known: the spatial ones. */
export function spatialSizes(x: TensorType, spatial: number, op: string): number[] {
  const sizes = x.shape.slice(1, 1 + spatial);
  if (sizes.length < spatial) {
    throw new TypeMismatch({
      message: `${op} needs ${spatial} spatial ${spatial === 1 ? 'axis' : 'axes'} after the batch axis`,
      blame: 0,
      label: `has ${x.shape.length} axes`,
      expected: `a tensor of ${spatial + 1} axes or more`,
      received: typeText(x),
    });
  }
  return sizes.map((size, i) => {
    if (typeof size === 'number') return size;
    throw new TypeMismatch({
      code: SHP207,
      message: `${op} cannot slide along axis ${i + 1}, whose size ${size} is not known before the run`,
      blame: 0,
      expected: 'known sizes along the spatial axes',
      received: typeText(x),
    });
  });
}

function windowed(x: TensorType, options: Windowing, op: string): Shape {
  const windowing = windowingOf(options);
  checkWindowing(windowing, op);
  const { size, strides, dilation } = windowing;
  const places = spatialSizes(x, size.length, op).map((length, i) => {
    const count = placesIn(length, reach(size[i]!, dilation[i]!), strides[i]!);
    if (count > 0) return count;
    throw new TypeMismatch({
      message: `${op} cannot fit a window along axis ${i + 1}`,
      blame: 0,
      label: `has ${length} elements along axis ${i + 1}`,
      expected: `${reach(size[i]!, dilation[i]!)} elements or more along axis ${i + 1}`,
      received: typeText(x),
    });
  });
  return [x.shape[0]!, ...places, ...size, ...x.shape.slice(1 + size.length)];
}

/** The windows as a view: two axes of it, where windows lie and where in them we are, walk along one of x. */
export function windowView(rank: number, { size, strides, dilation }: Windowing): View {
  const spatial = axesFrom(1, size.length);
  const rest = axesFrom(1 + size.length, rank - 1 - size.length);
  return {
    as: 'view',
    axes: [0, ...spatial, ...spatial, ...rest],
    steps: [1, ...strides, ...dilation, ...rest.map(() => 1)],
  };
}

/**
 * [B, …spatial, …rest] → [B, …places, …size, …rest]: for each place where a window of `size` fits into the spatial axes,
 * its elements. Windows lie `strides` apart and may overlap; their elements lie `dilation` apart.
 */
export const windows: Op<Windows> = defineOp({
  name: 'windows',
  kind: 'move',
  inputs: { x: any },
  options: { size: option.wholes(), strides: option.wholes([]), dilation: option.wholes([]) },
  type: ({ x }, options, op) => ({ dtype: x.dtype, shape: windowed(x, options, op) }),
  evaluate: ({ x }, options, { dtype, shape }) => {
    const { axes, steps } = windowView(x.shape.length, windowingOf(options));
    const from = x.shape.map(() => 0);
    return tabulate(dtype, shape, (at) => {
      from.fill(0);
      at.forEach((i, o) => {
        from[axes[o]!] = from[axes[o]!]! + i * steps![o]!;
      });
      return elementAt(x, from);
    });
  },
  movement: ({ x }, options) => windowView(x.shape.length, windowingOf(options)),
  gradient: ({ inputs: { x }, options, dy }) => {
    const { size, strides, dilation } = windowingOf(options);
    const lengths = x.shape.slice(1, 1 + size.length) as number[];
    return { x: overlapAdd(dy, { lengths, strides, dilation }) };
  },
  lower: {},
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [[[1, 2, 3, 4]], { size: [2] }],
      [
        [
          [1, 2],
          [2, 3],
          [3, 4],
        ],
      ],
    ],
    [
      [[[1, 2, 3, 4, 5, 6]], { size: [2], strides: [3], dilation: [2] }],
      [
        [
          [1, 3],
          [4, 6],
        ],
      ],
    ],
    [[[[[[1], [2], [3]]]], { size: [1, 2] }], [[[[[[[1], [2]]], [[[2], [3]]]]]]]],
  ],
});
