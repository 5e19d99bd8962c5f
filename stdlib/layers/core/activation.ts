/** A function of one tensor as a layer. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

type Activate = (apply: (x: Tensor) => Tensor, options?: { readonly name?: string }) => Layer;

/** Applies a function, such as `relu`, and gives what it gives. */
export const activation = defineLayer<
  [apply: (x: Tensor) => Tensor, options?: { readonly name?: string }],
  undefined,
  Activate
>('activation', (apply, options = {}) => ({ name: options.name, call: (_, x) => apply(x!) }));
