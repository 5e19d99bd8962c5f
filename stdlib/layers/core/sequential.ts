/** Layers one after the other. */

import type { Layer, LayerKind } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { tanh } from '../../ops/hyperbolic/tanh.ts';
import { dense } from './dense.ts';

type Step = (x: Tensor) => Tensor;

/** What the last layer gives, as far as that does not depend on what it is given. */
type ResultOf<Layers extends readonly Step[]> = Layers extends readonly [...Step[], infer Last extends Step]
  ? ReturnType<Last>
  : Tensor;

type Sequential = <const Layers extends readonly Step[]>(
  ...layers: Layers
) => Layer<(x: Tensor) => ResultOf<Layers>>;

/** Passes a tensor through `layers` in turn; each is a layer or any function of one tensor. */
export const sequential: LayerKind<Sequential> = defineLayer(
  'sequential',
  (...layers: readonly Step[]) => ({
    call: (_, x) => layers.reduce<Tensor>((value, layer) => layer(value), x),
  }),
  { examples: [{ of: [dense(4), tanh, dense(2)], on: [[3]] }] },
);
