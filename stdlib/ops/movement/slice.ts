/** A box cut out of a tensor. */

import { SHP203 } from '../../../compiler/diagnostics/shape.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Op, TensorType } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { slicingGradient } from '../../gradients/slicing.ts';

export interface SliceOptions {
  /** The first element taken along each axis; negative counts from the end. */
  readonly starts: readonly number[];
  /** How many are taken along each axis; −1 takes all that follow. */
  readonly sizes: Shape;
  /** How far apart they lie along each axis, backwards if negative; default 1. */
  readonly steps?: readonly number[] | null | undefined;
}
type Slice = <X extends Tensor>(x: X, options: SliceOptions) => Tensor<Shape, DTypeOf<X>>;

const steps = option.option(
  'a list of whole numbers, or null for 1',
  (value): value is readonly number[] | null => value === null || option.isListOf(option.isWhole)(value),
);

interface Cut {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
  readonly sizes: Shape;
}

function cutOf(x: TensorType, options: option.Settled<SliceOptions>, op: string): Cut {
  const { starts: given, sizes: wanted } = options;
  const steps = options.steps ?? given.map(() => 1);
  const refused = (message: string, expected: string, received: string): never => {
    throw new TypeMismatch({ code: SHP203, message: `${op} ${message}`, blame: 0, expected, received });
  };
  const rank = x.shape.length;
  if (given.length !== rank || wanted.length !== rank || steps.length !== rank) {
    refused(
      `needs a start and a size for each axis of ${typeText(x)}`,
      `${rank} of each`,
      `${given.length} and ${wanted.length}`,
    );
  }
  const starts: number[] = [];
  const sizes = x.shape.map((length, axis) => {
    const [start, size, step] = [given[axis]!, wanted[axis]!, steps[axis]!];
    if (step === 0) refused(`cannot step by 0 along axis ${axis}`, 'a step other than 0', 'a step of 0');
    if (typeof length === 'string') {
      // Where the length is unknown until the run, only the whole axis surely exists.
      if (start !== 0 || step !== 1 || (size !== -1 && size !== length)) {
        refused(
          `can take axis ${axis} only whole, since ${length} is not known before the run`,
          `start 0 and size ${length}`,
          `start ${start} and size ${size}`,
        );
      }
      starts.push(0);
      return length;
    }
    const first = start < 0 ? start + length : start;
    const taken =
      size === -1 ? Math.ceil((step > 0 ? length - first : first + 1) / Math.abs(step)) : Number(size);
    const last = first + (taken - 1) * step;
    const inside =
      Number.isInteger(taken) &&
      taken >= 0 &&
      (taken === 0 || (first >= 0 && first < length && last >= 0 && last < length));
    if (!inside) {
      refused(
        `reaches outside axis ${axis} of ${typeText(x)}`,
        `elements 0 to ${length - 1}`,
        `elements ${first} to ${last}`,
      );
    }
    starts.push(taken === 0 ? 0 : first);
    return taken;
  });
  return { starts, steps, sizes };
}

/** The elements of x at `starts`, `starts + steps`, … along each axis, `sizes` of them. */
export const slice: Op<Slice> = defineOp({
  name: 'slice',
  kind: 'move',
  inputs: { x: any },
  options: {
    starts: option.wholes(),
    sizes: option.dimsOrRest(),
    steps: steps(null),
  },
  type: ({ x }, options, op) => ({ dtype: x.dtype, shape: cutOf(x, options, op).sizes }),
  evaluate: ({ x }, options, { dtype, shape }) => {
    const { starts, steps } = cutOf(x, options, 'internal');
    return tabulate(dtype, shape, (at) =>
      elementAt(
        x,
        at.map((i, axis) => starts[axis]! + i * steps[axis]!),
      ),
    );
  },
  movement: ({ x }, options) => {
    const { starts, steps } = cutOf(x, options, 'internal');
    return { as: 'view', axes: x.shape.map((_, axis) => axis), starts, steps };
  },
  gradient: ({ inputs: { x }, options, dy }) => ({
    x: slicingGradient(x.shape, dy, cutOf(x, options, 'internal')),
  }),
  lower: {},
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [[1, 2, 3, 4], { starts: [1], sizes: [2] }],
      [2, 3],
    ],
    [
      [[1, 2, 3, 4], { starts: [-1], sizes: [2], steps: [-2] }],
      [4, 2],
    ],
  ],
});
