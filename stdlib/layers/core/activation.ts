/** A function of one tensor as a layer. */

import { callable } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { tanh } from '../../ops/hyperbolic/tanh.ts';

type Activate = (apply: (x: Tensor) => Tensor, options?: LayerOptions) => Layer;

/** Applies a function, such as `relu`, and gives what it gives. */
export const activation: LayerKind<Activate> = defineLayer(
  'activation',
  (apply: (x: Tensor) => Tensor, _options: LayerOptions = {}) => ({ call: (_, x) => apply(x) }),
  { arguments: { apply: callable }, options: {}, examples: [{ of: [tanh], on: [[3]] }] },
);
