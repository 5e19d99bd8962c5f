/** Rows of any shape as rows of numbers. */
import { product } from '../../../compiler/ir/dim.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { reshape } from '../../ops/movement/reshape.ts';

/** [B, …] → [B, the product of the rest]. */
export type Flattened<S extends Shape> = S extends readonly [infer B extends Dim, infer N extends Dim]
  ? readonly [B, N]
  : S extends readonly [infer B extends Dim, ...Shape]
    ? readonly [B, number]
    : Shape;
type Flatten = (
  options?: LayerOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Flattened<S>, 'float32'>>;

/** [B, …] → [B, the product of the rest]; [B] → [B, 1]. */
export const flatten: LayerKind<Flatten> = defineLayer(
  'flatten',
  (_options: LayerOptions = {}) => ({
    call: (_, x) => reshape(x, [x.shape[0] ?? 1, product(x.shape.slice(1))]),
  }),
  {
    options: {},
    examples: [
      { of: [], on: [[2, 3]] },
      { of: [], on: [[]] },
    ],
  },
);
