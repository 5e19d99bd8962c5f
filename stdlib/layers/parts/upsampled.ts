/** What upsampling layers do. */
import type { Dim, Tensor } from '../../../dsl/tensor.ts';
import { broadcast } from '../../ops/movement/broadcast.ts';
import { reshape } from '../../ops/movement/reshape.ts';
import { knownSize } from './check-inputs.ts';
import { checkSpatial } from './convolutional.ts';

/** Each element repeated `factors` times along the spatial axes. */
export function repeated(layer: string, x: Tensor, factors: readonly number[]): Tensor {
  checkSpatial(layer, x, factors.length);
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const lengths = factors.map((_, i) => knownSize(layer, x, i + 1));
  const slots = (each: (i: number) => Dim): Dim[] => [
    batch,
    ...lengths.flatMap((length, i) => [length, each(i)]),
    channels,
  ];
  const spread = broadcast(
    reshape(
      x,
      slots(() => 1),
    ),
    slots((i) => factors[i]!),
  );
  return reshape(spread, [batch, ...lengths.map((length, i) => length * factors[i]!), channels]);
}
