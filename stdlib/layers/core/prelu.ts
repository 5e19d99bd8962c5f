/** A rectifier whose slope below 0 is learned. */

import { axes, initializer } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { uniform } from '../../initializers/uniform.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { greater } from '../../ops/comparison/greater.ts';
import { where } from '../../ops/comparison/where.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import { axesIn, knownSize } from '../parts/check-inputs.ts';

export interface PreluOptions extends LayerOptions {
  /** Default `zeros`. */
  readonly alphaInitializer?: Initializer | undefined;
  /** Axes behind the batch along which all elements share a slope. Default: none. */
  readonly sharedAxes?: readonly number[] | undefined;
}

type Prelu = (options?: PreluOptions) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

/**
 * x where it is positive, else alpha · x (He et al. 2015). Parameter: `alpha`, with the shape of a row of x but for the
 * shared axes, whose size is 1.
 */
export const prelu: LayerKind<Prelu> = defineLayer(
  'prelu',
  (options: PreluOptions = {}) => {
    const { alphaInitializer = zeros, sharedAxes = [] } = options;
    return {
      build: (x) => {
        const shared = axesIn('prelu', x, sharedAxes);
        const shape = x.shape.map((_, axis) =>
          axis === 0 || shared.includes(axis) ? 1 : knownSize('prelu', x, axis),
        );
        return { alpha: param(shape.slice(1), { initializer: alphaInitializer }) };
      },
      call: ({ alpha }, x) => where(greater(x, 0), x, multiply(alpha, x)),
    };
  },
  {
    options: { alphaInitializer: initializer, sharedAxes: axes },
    examples: [
      { of: [{ alphaInitializer: uniform() }], on: [[4, 3]] },
      { of: [{ sharedAxes: [1] }], on: [[4, 3]] },
    ],
  },
);
