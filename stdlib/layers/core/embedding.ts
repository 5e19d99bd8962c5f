/** A vector for each number. */

import { count, initializer } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { integers } from '../../../compiler/op/domain.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { uniform } from '../../initializers/uniform.ts';
import { gather } from '../../ops/indexing/gather.ts';

export interface EmbeddingOptions extends LayerOptions {
  /** Default `uniform()`. */
  readonly embeddingsInitializer?: Initializer | undefined;
}

type Embedding = <N extends number>(
  inputDim: number,
  outputDim: N,
  options?: EmbeddingOptions,
) => Layer<<S extends Shape>(x: Tensor<S, 'int32'>) => Tensor<readonly [...S, N], 'float32'>>;

/**
 * The row of `embeddings` that each element of x numbers, from 0 up to but not including `inputDim`: int32[...] →
 * float32[..., outputDim]. A number outside is taken as the nearest inside. Parameter: `embeddings` [inputDim, outputDim].
 */
export const embedding: LayerKind<Embedding> = defineLayer(
  'embedding',
  (inputDim: number, outputDim: number, options: EmbeddingOptions = {}) => {
    const { embeddingsInitializer = uniform() } = options;
    return {
      build: () => ({ embeddings: param([inputDim, outputDim], { initializer: embeddingsInitializer }) }),
      call: ({ embeddings }, x) => gather(embeddings, x),
    };
  },
  {
    arguments: { inputDim: count, outputDim: count },
    options: { embeddingsInitializer: initializer },
    examples: [{ of: [6, 3], on: [{ shape: [4], values: integers({ min: 0, max: 5 }) }] }],
  },
);
