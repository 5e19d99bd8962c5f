/** A vector for each number. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { uniform } from '../../initializers/uniform.ts';
import { gather } from '../../ops/indexing/gather.ts';
import { checkCount } from '../parts/check-arguments.ts';

export interface EmbeddingOptions extends LayerOptions {
  /** Default `uniform()`. */
  readonly embeddingsInitializer?: Initializer;
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
    checkCount('embedding', 'how many numbers there are', inputDim);
    checkCount('embedding', 'the length of its vectors', outputDim);
    const { embeddingsInitializer = uniform() } = options;
    return {
      build: () => ({ embeddings: param([inputDim, outputDim], { initializer: embeddingsInitializer }) }),
      call: ({ embeddings }, x) => gather(embeddings, x),
    };
  },
);
