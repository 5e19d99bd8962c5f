/** A learned vector for each position of a sequence. */

import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SHP201 } from '../../../compiler/diagnostics/shape.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { count, initializer } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { broadcast } from '../../ops/movement/broadcast.ts';
import { slice } from '../../ops/movement/slice.ts';
import { knownSize } from '../parts/check-inputs.ts';

export interface PositionEmbeddingOptions extends LayerOptions {
  /** Default `glorotUniform()`. */
  readonly initializer?: Initializer | undefined;
}

type PositionEmbedding = (
  sequenceLength: number,
  options?: PositionEmbeddingOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<S, 'float32'>>;

function lengthOf(x: Tensor, sequenceLength: number): number {
  const length = x.shape.length < 2 ? Number.POSITIVE_INFINITY : knownSize('positionEmbedding', x, -2);
  if (length <= sequenceLength) return length;
  return refuse(
    SHP201({
      message: `positionEmbedding knows ${sequenceLength} positions`,
      span: siteSpan(),
      expected: `f32[B, sequence, features] with a sequence of at most ${sequenceLength}`,
      received: typeText(x),
    }),
  );
}

/**
 * What the features of x at each position of its sequence are to be shifted by: [..., sequence, features] → the same
 * shape, to be added to x. Parameter: `embeddings` [sequenceLength, features]; a shorter sequence takes the first of them.
 */
export const positionEmbedding: LayerKind<PositionEmbedding> = defineLayer(
  'positionEmbedding',
  (sequenceLength: number, options: PositionEmbeddingOptions = {}) => {
    const { initializer = glorotUniform() } = options;
    return {
      build: (x) => {
        lengthOf(x, sequenceLength);
        const features = knownSize('positionEmbedding', x, -1);
        return { embeddings: param([sequenceLength, features], { initializer }) };
      },
      call: ({ embeddings }, x) => {
        const length = lengthOf(x, sequenceLength);
        const first =
          length === sequenceLength ? embeddings : slice(embeddings, { starts: [0, 0], sizes: [length, -1] });
        return broadcast(first, x.shape);
      },
    };
  },
  {
    arguments: { sequenceLength: count },
    options: { initializer },
    examples: [
      { of: [6], on: [[6, 3]] },
      { of: [6], on: [[4, 3]] },
    ],
  },
);
