/** Elements repeated along one spatial axis. */
import { optional, perAxis } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import { countsOf } from '../parts/convolutional.ts';
import { repeated } from '../parts/upsampled.ts';

export type UpSampling1dOptions = LayerOptions;

type UpSampling1d = (
  size?: PerAxis,
  options?: UpSampling1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/** Each element of [B, length, channels] `size` times, by default 2. */
export const upSampling1d: LayerKind<UpSampling1d> = defineLayer(
  'upSampling1d',
  (size: PerAxis = 2, _options: UpSampling1dOptions = {}) => {
    const factors = countsOf(size, 1);
    return { call: (_, x) => repeated('upSampling1d', x, factors) };
  },
  {
    arguments: { size: optional(perAxis(1)) },
    options: {},
    examples: [
      { of: [], on: [[7, 3]] },
      { of: [3], on: [[7, 3]] },
    ],
  },
);
