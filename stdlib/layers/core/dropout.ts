/** Leaves out elements at random while training. */

import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { DTY303 } from '../../../compiler/diagnostics/dtype.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import { runSeed, runStep, training } from '../../../compiler/op/leaf.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { lessEqual } from '../../ops/comparison/lessEqual.ts';
import { where } from '../../ops/comparison/where.ts';
import { randomUniform } from '../../ops/random/randomUniform.ts';

export interface DropoutOptions extends LayerOptions {
  /** The shape of the choices, which broadcasts to the input's; null takes the input's size. Default: one choice an element. */
  readonly noiseShape?: readonly (Dim | null)[];
}

type Dropout = (
  rate: number,
  options?: DropoutOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

function kept(x: Tensor, rate: number, noiseShape: DropoutOptions['noiseShape']): Tensor {
  const shape = noiseShape ? noiseShape.map((size, axis) => size ?? x.shape[axis] ?? 1) : x.shape;
  return lessEqual(rate, randomUniform(runSeed, runStep, { shape }));
}

/**
 * While training, each element is 0 with probability `rate` and is otherwise multiplied by 1 / (1 − rate), so that the
 * expected value stays (Srivastava et al. 2014); outside training, x itself. The choices depend on the run's seed, the
 * step and the layer only.
 */
export const dropout: LayerKind<Dropout> = defineLayer(
  'dropout',
  (rate: number, options: DropoutOptions = {}) => {
    if (!(rate >= 0 && rate < 1)) {
      refuse(
        DTY303({
          message: 'dropout needs a share to leave out',
          span: siteSpan(),
          expected: 'a number from 0 up to but not including 1',
          received: String(rate),
        }),
      );
    }
    return {
      call: (_, x) => {
        if (rate === 0) return x;
        const thinned = where(kept(x, rate, options.noiseShape), multiply(x, 1 / (1 - rate)), 0);
        return where(training, thinned, x);
      },
    };
  },
);
