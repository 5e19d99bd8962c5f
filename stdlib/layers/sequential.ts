/** Layers one after the other. */
import type { Layer } from '../../compiler/op/define-layer.ts';
import { defineLayer } from '../../compiler/op/define-layer.ts';
import type { Tensor } from '../../dsl/tensor.ts';

type Step = (x: Tensor) => Tensor;

/** Passes a tensor through `layers` in turn; each is a layer or any function of one tensor. */
export const sequential = defineLayer<readonly Step[], undefined, (...layers: Step[]) => Layer>(
  'sequential',
  (...layers) => ({ call: (_, x) => layers.reduce<Tensor>((value, layer) => layer(value), x!) }),
);
