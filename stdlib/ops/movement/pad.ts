/** A tensor with a margin around it. */

import { SHP203, SHP207 } from '../../../compiler/diagnostics/shape.ts';
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
import { slice } from './slice.ts';

export interface PadOptions {
  /** How many elements to add in front, along each axis. */
  readonly before: readonly number[];
  /** How many elements to add behind, along each axis. */
  readonly after: readonly number[];
  /** How many elements to add between any two neighbours, along each axis; default none. */
  readonly interior?: readonly number[] | undefined;
  /** What they hold; default 0. */
  readonly value?: number | undefined;
}
type Pad = <X extends Tensor>(x: X, options: PadOptions) => Tensor<Shape, DTypeOf<X>>;

type Margins = option.Settled<PadOptions>;

/** The counts between neighbours; left out, there are none. */
function interiorOf({ interior }: Margins, rank: number): readonly number[] {
  return interior.length > 0 ? interior : Array.from({ length: rank }, () => 0);
}

/** How far apart neighbours come to stand. */
function stepsOf(margins: Margins, rank: number): number[] {
  return interiorOf(margins, rank).map((count) => count + 1);
}

function padded(x: TensorType, margins: Margins, op: string): Shape {
  const { before, after } = margins;
  const rank = x.shape.length;
  const interior = interiorOf(margins, rank);
  const counts = [before, after, interior];
  if (counts.some((list) => list.length !== rank || list.some((count) => count < 0))) {
    throw new TypeMismatch({
      code: SHP203,
      message: `${op} needs counts for each axis of ${typeText(x)}`,
      blame: 0,
      expected: `${rank} counts before and ${rank} after, none negative`,
      received: `before ${JSON.stringify(before)} and after ${JSON.stringify(after)}`,
    });
  }
  return x.shape.map((size, axis) => {
    const margin = before[axis]! + after[axis]!;
    if (margin === 0 && interior[axis] === 0) return size;
    if (typeof size === 'number') return size + margin + Math.max(size - 1, 0) * interior[axis]!;
    throw new TypeMismatch({
      code: SHP207,
      message: `${op} cannot add to axis ${axis}, whose size ${size} is not known before the run`,
      blame: 0,
      expected: 'a known size along each padded axis',
      received: typeText(x),
    });
  });
}

/** x with elements of one value added before and after it, and between its elements, along each axis. */
export const pad: Op<Pad> = defineOp({
  name: 'pad',
  kind: 'move',
  inputs: { x: any },
  options: {
    before: option.wholes(),
    after: option.wholes(),
    interior: option.wholes([]),
    value: option.number(0),
  },
  type: ({ x }, options, op) => ({ dtype: x.dtype, shape: padded(x, options, op) }),
  evaluate: ({ x }, options, { dtype, shape }) => {
    const { before, value } = options;
    const steps = stepsOf(options, shape.length);
    return tabulate(dtype, shape, (at) => {
      const from = at.map((coordinate, axis) => (coordinate - before[axis]!) / steps[axis]!);
      const inside = from.every((i, axis) => Number.isInteger(i) && i >= 0 && i < x.shape[axis]!);
      return inside ? elementAt(x, from) : value;
    });
  },
  movement: ({ x }, options) => ({
    as: 'place',
    fill: options.value,
    starts: [options.before],
    steps: [stepsOf(options, x.shape.length)],
  }),
  gradient: ({ inputs: { x }, options, dy }) => ({
    x: slice(dy, {
      starts: options.before,
      sizes: x.shape,
      steps: stepsOf(options, x.shape.length),
    }),
  }),
  lower: {},
  domain: { x: reals() },
  cost: 0,
  examples: [
    [
      [[1, 2], { before: [1], after: [2], value: 9 }],
      [9, 1, 2, 9, 9],
    ],
    [
      [[1, 2], { before: [1], after: [0], interior: [2] }],
      [0, 1, 0, 0, 2],
    ],
  ],
});
