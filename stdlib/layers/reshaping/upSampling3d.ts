/** Elements repeated along three spatial axes. */
import { optional, perAxis } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import { countsOf } from '../parts/convolutional.ts';
import { repeated } from '../parts/upsampled.ts';

export type UpSampling3dOptions = LayerOptions;

type UpSampling3d = (
  size?: PerAxis,
  options?: UpSampling3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/** Each element of [B, depth, height, width, channels] `size` times, by default 2 along each axis. */
export const upSampling3d: LayerKind<UpSampling3d> = defineLayer(
  'upSampling3d',
  (size: PerAxis = 2, _options: UpSampling3dOptions = {}) => {
    const factors = countsOf(size, 3);
    return { call: (_, x) => repeated('upSampling3d', x, factors) };
  },
  {
    arguments: { size: optional(perAxis(3)) },
    options: {},
    examples: [
      { of: [], on: [[4, 3, 5, 2]] },
      { of: [3], on: [[4, 3, 5, 2]] },
    ],
  },
);
