/** Leaves out elements at random while training. */

import { rate, sizes } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { training } from '../../../compiler/op/leaf.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { lessEqual } from '../../ops/comparison/lessEqual.ts';
import { where } from '../../ops/comparison/where.ts';
import { random } from '../../ops/random/random.ts';

export interface DropoutOptions extends LayerOptions {
  /** The shape of the choices, which broadcasts to the input's; null takes the input's size. Default: one choice an element. */
  readonly noiseShape?: readonly (Dim | null)[] | undefined;
}

type Dropout = (
  rate: number,
  options?: DropoutOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

function kept(x: Tensor, rate: number, noiseShape: DropoutOptions['noiseShape']): Tensor {
  const shape = noiseShape ? noiseShape.map((size, axis) => size ?? x.shape[axis] ?? 1) : x.shape;
  return lessEqual(rate, random.uniform(shape));
}

/**
 * While training, each element is 0 with probability `rate` and is otherwise multiplied by 1 / (1 − rate), so that the
 * expected value stays (Srivastava et al. 2014); outside training, x itself. The choices depend on the run's seed, the
 * step and the layer only.
 */
export const dropout: LayerKind<Dropout> = defineLayer(
  'dropout',
  (rate: number, options: DropoutOptions = {}) => {
    return {
      call: (_, x) => {
        if (rate === 0) return x;
        const thinned = where(kept(x, rate, options.noiseShape), multiply(x, 1 / (1 - rate)), 0);
        return where(training, thinned, x);
      },
    };
  },
  {
    arguments: { rate },
    options: { noiseShape: sizes },
    examples: [
      { of: [0.5], on: [[40]] },
      { of: [0.25, { noiseShape: [null, 1, null] }], on: [[4, 9]] },
    ],
  },
);
