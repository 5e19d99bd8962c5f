/** Sums of products over shared axes: what every matrix product is made of. */

import { SHP203 } from '../../../../compiler/diagnostics/shape.ts';
import { numeric } from '../../../../compiler/op/accepts.ts';
import type { AxisPairs, ConcreteType, Op, Pairs, TensorType } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { reals } from '../../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import { sameDType } from '../../../../compiler/op/type-rules.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Values } from '../../../../compiler/op/values.ts';
import { offsetOf, tabulate } from '../../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { contractionGradient } from '../../../gradients/contraction.ts';
import { contractIn } from '../../../tensorflow/contract.ts';

/** The axes of a contraction that neither repeat nor are summed over. */
export function freeAxes(rank: number, batch: readonly number[], over: readonly number[]): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter(
    (axis) => !batch.includes(axis) && !over.includes(axis),
  );
}

const pairs = option.option(
  'two lists of whole numbers',
  (value): value is AxisPairs => option.isWholesEach(value) && value.length === 2,
);

/** Refuses axes without a partner, and axes named twice. */
function checkPairs(left: TensorType, right: TensorType, { batch, over }: Pairs, op: string): void {
  for (const [side, { shape }] of [left, right].entries()) {
    const axes = [batch, over].flatMap((lists) => lists[side] ?? []);
    const paired = [batch, over].every(([ofLeft, ofRight]) => ofLeft.length === ofRight.length);
    if (paired && new Set(axes).size === axes.length) continue;
    throw new TypeMismatch({
      code: SHP203,
      message: `${op} needs its axes in pairs, each axis once`,
      blame: side,
      expected: `two lists of as many axes, each from 0 to ${shape.length - 1} at most once`,
      received: `batch ${JSON.stringify(batch)}, over ${JSON.stringify(over)}`,
    });
  }
}

function contracted(left: TensorType, right: TensorType, { batch, over }: Pairs, op: string): Shape {
  checkPairs(left, right, { batch, over }, op);
  for (const [pairs, role] of [
    [batch, 'repeat'],
    [over, 'contract'],
  ] as const) {
    for (const [i, axis] of pairs[0].entries()) {
      const [a, b] = [left.shape[axis], right.shape[pairs[1][i]!]];
      if (a !== undefined && a === b) continue;
      throw new TypeMismatch({
        message:
          role === 'contract'
            ? `${op} cannot contract ${a} with ${b}`
            : `${op} cannot pair the batch axes ${a} and ${b}`,
        blame: 1,
        label: `axis ${axis} of ${typeText(left)} meets axis ${pairs[1][i]} of ${typeText(right)}`,
        expected: `${a} along axis ${pairs[1][i]} of the second`,
        received: typeText(right),
      });
    }
  }
  return [
    ...batch[0].map((axis) => left.shape[axis]!),
    ...freeAxes(left.shape.length, batch[0], over[0]).map((axis) => left.shape[axis]!),
    ...freeAxes(right.shape.length, batch[1], over[1]).map((axis) => right.shape[axis]!),
  ];
}

function sumsOfProducts(
  left: Values,
  right: Values,
  { batch, over }: Pairs,
  { dtype, shape }: ConcreteType,
): Values {
  const freeLeft = freeAxes(left.shape.length, batch[0], over[0]);
  const freeRight = freeAxes(right.shape.length, batch[1], over[1]);
  const [atLeft, atRight] = [left.shape.map(() => 0), right.shape.map(() => 0)];
  const depths = over[0].map((axis) => left.shape[axis]!);
  const times = dtype === 'int32' ? Math.imul : (a: number, b: number): number => a * b;
  return tabulate(dtype, shape, (at) => {
    batch[0].forEach((axis, i) => {
      atLeft[axis] = at[i]!;
      atRight[batch[1][i]!] = at[i]!;
    });
    freeLeft.forEach((axis, i) => {
      atLeft[axis] = at[batch[0].length + i]!;
    });
    freeRight.forEach((axis, i) => {
      atRight[axis] = at[batch[0].length + freeLeft.length + i]!;
    });
    let total = 0;
    tabulate('float32', depths, (depth) => {
      depth.forEach((coordinate, i) => {
        atLeft[over[0][i]!] = coordinate;
        atRight[over[1][i]!] = coordinate;
      });
      total += times(left.data[offsetOf(left.shape, atLeft)]!, right.data[offsetOf(right.shape, atRight)]!);
      return 0;
    });
    return dtype === 'int32' ? total | 0 : total;
  });
}

type Contract = (
  left: Tensor,
  right: Tensor,
  options: { readonly batch?: AxisPairs; readonly over: AxisPairs },
) => Tensor;

/**
 * Sums of products. Axes paired in `batch` are kept and walked along together; axes paired in `over` are summed away.
 * The result has the batch axes, then the other axes of the left, then those of the right, each in their order.
 */
export const contract: Op<Contract> = defineOp({
  name: 'contract',
  kind: 'contract',
  inputs: { left: numeric, right: numeric },
  options: { batch: pairs([[], []]), over: pairs() },
  type: ({ left, right }, options, op) => {
    sameDType([left, right], op);
    return { dtype: left.dtype, shape: contracted(left, right, options, op) };
  },
  evaluate: ({ left, right }, options, type) => sumsOfProducts(left, right, options, type),
  pairs: ({ batch, over }) => ({ batch, over }),
  gradient: ({ inputs: { left, right }, options, dy }) => contractionGradient(left, right, dy, options),
  lower: {
    tensorflow: (tf, { left, right }, options, type) => contractIn(tf, left, right, options, type),
  },
  domain: { left: reals(), right: reals() },
  cost: 8,
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [[5], [6]],
        { over: [[1], [0]] },
      ],
      [[17], [39]],
    ],
  ],
});
