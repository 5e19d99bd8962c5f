/** Π x */
import { numeric } from '../../../compiler/op/accepts.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { defineOp } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { folding } from '../../../compiler/op/folding.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Reduce } from '../../../compiler/op/signatures.ts';
import { foldedAxes, reducing } from '../../../compiler/op/type-rules.ts';
import { productOfOthers } from '../../gradients/product-of-others.ts';
import { spread } from '../../gradients/spread.ts';
import { multiply } from '../arithmetic/multiply.ts';

/** The product of the elements along `axis`; of none, 1. int32 wraps at 32 bits. */
export const prod: Op<Reduce> = defineOp({
  name: 'prod',
  kind: 'reduce',
  inputs: { x: numeric },
  options: { axis: option.axes(null), keepDims: option.flag(false) },
  type: reducing,
  evaluate: folding(1, (total, x, dtype) => (dtype === 'int32' ? Math.imul(total, x) : total * x)),
  axes: foldedAxes,
  fold: 'multiply',
  gradient: ({ inputs: { x }, options, dy }) => {
    const axis = axesOf(options.axis, x.shape.length, 'internal');
    return { x: multiply(spread(dy, x.shape, axis), productOfOthers(x, axis)) };
  },
  lower: { tensorflow: 'Prod' },
  domain: { x: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      24,
    ],
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        { axis: -1 },
      ],
      [2, 12],
    ],
  ],
});
