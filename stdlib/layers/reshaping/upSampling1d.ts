/** Elements repeated along one spatial axis. */
import type { Layer } from '../../../compiler/op/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define-layer.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import type { Channels, Slid1d } from '../parts/convolutional.ts';
import { countsOf } from '../parts/convolutional.ts';
import { repeated } from '../parts/upsampled.ts';

export interface UpSampling1dOptions {
  /** What to call the layer. Default `upSampling1d`. */
  readonly name?: string;
}

type UpSampling1d = (
  size?: PerAxis,
  options?: UpSampling1dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid1d<S, Channels<S>>, 'float32'>>;

/** Each element of [B, length, channels] `size` times, by default 2. */
export const upSampling1d = defineLayer<
  [size?: PerAxis, options?: UpSampling1dOptions],
  undefined,
  UpSampling1d
>('upSampling1d', (size = 2, options = {}) => {
  const factors = countsOf('upSampling1d', 'a size', size, 1);
  return { name: options.name, call: (_, x) => repeated('upSampling1d', x!, factors) };
});
