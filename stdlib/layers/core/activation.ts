/** A function of one tensor as a layer. */
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

type Activate = (apply: (x: Tensor) => Tensor, options?: { readonly name?: string }) => Layer;

/** Applies a function, such as `relu`, and gives what it gives. */
export const activation: LayerKind<Activate> = defineLayer(
  'activation',
  (apply: (x: Tensor) => Tensor, options: { readonly name?: string } = {}) => ({ call: (_, x) => apply(x) }),
);
