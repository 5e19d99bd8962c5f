/** The fully connected layer. */

import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SHP201, SHP207 } from '../../../compiler/diagnostics/shape.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { activation, count, flag, initializer } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Init } from '../../../compiler/op/signatures.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { matmul } from '../../ops/contraction/matmul.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import { tanh } from '../../ops/hyperbolic/tanh.ts';

export interface DenseOptions extends LayerOptions {
  /** Applied to the result, such as `relu`. Default: nothing. */
  readonly activation?: ((x: Tensor) => Tensor) | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
  /** Default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer | undefined;
  /** Default `zeros`. */
  readonly biasInitializer?: Initializer | undefined;
}

type Dense = <N extends number>(
  units: N,
  options?: DenseOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<readonly [...Init<S>, N], 'float32'>>;

function depthOf(x: Tensor): number {
  const depth = x.shape.at(-1);
  if (typeof depth === 'number') return depth;
  const details = {
    message: 'dense needs features along the last axis',
    span: siteSpan(),
    received: typeText(x),
  };
  if (depth === undefined || x.shape.length === 1) {
    return refuse(
      SHP201({ ...details, expected: 'f32[B, features]', hint: 'join columns with stack([...])' }),
    );
  }
  return refuse(SHP207({ ...details, expected: 'a known size along the last axis' }));
}

/**
 * activation(x · kernel + bias): [..., features] → [..., units]. Parameters: `kernel` [features, units], `bias` [units].
 */
export const dense: LayerKind<Dense> = defineLayer(
  'dense',
  (units: number, options: DenseOptions = {}) => {
    const {
      activation,
      useBias = true,
      kernelInitializer = glorotUniform(),
      biasInitializer = zeros,
    } = options;
    return {
      build: (x) => ({
        kernel: param([depthOf(x), units], { initializer: kernelInitializer }),
        ...(useBias && { bias: param([units], { initializer: biasInitializer }) }),
      }),
      call: ({ kernel, bias }, x) => {
        const product = matmul(x, kernel);
        const sum = bias ? add(product, bias) : product;
        return activation ? activation(sum) : sum;
      },
    };
  },
  {
    arguments: { units: count },
    options: { activation, useBias: flag, kernelInitializer: initializer, biasInitializer: initializer },
    examples: [
      { of: [4], on: [[3]] },
      { of: [2, { activation: tanh, useBias: false }], on: [[5, 3]] },
    ],
  },
);
