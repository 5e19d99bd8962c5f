/** A tensor with a margin around it. */

import { SHP203, SHP207 } from '../../../compiler/diagnostics/shape.ts';
import { any } from '../../../compiler/op/accepts.ts';
import type { Attributes, Op, TensorType } from '../../../compiler/op/card.ts';
import { TypeMismatch } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define.ts';
import { reals } from '../../../compiler/op/domain.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import { elementAt, tabulate } from '../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { slice } from './slice.ts';

interface PadOptions {
  /** How many elements to add in front, along each axis. */
  readonly before: readonly number[];
  /** How many elements to add behind, along each axis. */
  readonly after: readonly number[];
  /** What they hold; default 0. */
  readonly value?: number;
}
type Pad = <X extends Tensor>(x: X, options: PadOptions) => Tensor<Shape, DTypeOf<X>>;

function padded(x: TensorType, attributes: Attributes, op: string): Shape {
  const before = attributes.before as number[];
  const after = attributes.after as number[];
  const rank = x.shape.length;
  if (before.length !== rank || after.length !== rank || [...before, ...after].some((count) => count < 0)) {
    throw new TypeMismatch({
      code: SHP203,
      message: `${op} needs two counts for each axis of ${typeText(x)}`,
      blame: 0,
      expected: `${rank} counts before and ${rank} after, none negative`,
      received: `before ${JSON.stringify(before)} and after ${JSON.stringify(after)}`,
    });
  }
  return x.shape.map((size, axis) => {
    const margin = before[axis]! + after[axis]!;
    if (margin === 0) return size;
    if (typeof size === 'number') return size + margin;
    throw new TypeMismatch({
      code: SHP207,
      message: `${op} cannot add to axis ${axis}, whose size ${size} is not known before the run`,
      blame: 0,
      expected: 'a known size along each padded axis',
      received: typeText(x),
    });
  });
}

/** x with elements of one value added before and after it along each axis. */
export const pad: Op<Pad> = defineOp({
  name: 'pad',
  kind: 'move',
  inputs: { x: any },
  options: { before: option.wholes(), after: option.wholes(), value: option.number(0) },
  type: ([x], attributes, op) => ({ dtype: x!.dtype, shape: padded(x!, attributes, op) }),
  evaluate: ([x], { before, value }, { dtype, shape }) =>
    tabulate(dtype, shape as number[], (at) => {
      const from = at.map((coordinate, axis) => coordinate - (before as number[])[axis]!);
      const inside = from.every((coordinate, axis) => coordinate >= 0 && coordinate < x!.shape[axis]!);
      return inside ? elementAt(x!, from) : (value as number);
    }),
  movement: (_, { before, value }) => ({ as: 'place', fill: value as number, starts: [before as number[]] }),
  gradient: ({ inputs: [x], attributes, dy }) => [
    slice(dy, { starts: attributes.before as number[], sizes: x!.shape }),
  ],
  lower: { tensorflow: 'PadV2' },
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [[1, 2], { before: [1], after: [2], value: 9 }],
      [9, 1, 2, 9, 9],
    ],
  ],
});
