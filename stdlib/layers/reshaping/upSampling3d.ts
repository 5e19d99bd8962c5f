/** Elements repeated along three spatial axes. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid3d } from '../parts/convolutional.ts';
import { countsOf } from '../parts/convolutional.ts';
import { repeated } from '../parts/upsampled.ts';

export interface UpSampling3dOptions {
  /** What to call the layer. Default `upSampling3d`. */
  readonly name?: string;
}

type UpSampling3d = (
  size?: PerAxis,
  options?: UpSampling3dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid3d<S, Channels<S>>, 'float32'>>;

/** Each element of [B, depth, height, width, channels] `size` times, by default 2 along each axis. */
export const upSampling3d = defineLayer<
  [size?: PerAxis, options?: UpSampling3dOptions],
  undefined,
  UpSampling3d
>('upSampling3d', (size = 2, options = {}) => {
  const factors = countsOf('upSampling3d', 'a size', size, 3);
  return { name: options.name, call: (_, x) => repeated('upSampling3d', x!, factors) };
});
