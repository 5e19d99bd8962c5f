/** A larger image. */
import { oneOf, optional, perAxis } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { literal } from '../../../compiler/op/leaf.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { contract } from '../../ops/contraction/parts/contract.ts';
import { transpose } from '../../ops/movement/transpose.ts';
import type { PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { knownSize } from '../parts/check-inputs.ts';
import type { Channels, Slid2d } from '../parts/convolutional.ts';
import { checkSpatial, countsOf } from '../parts/convolutional.ts';
import { repeated } from '../parts/upsampled.ts';

export interface UpSampling2dOptions extends LayerOptions {
  /** `nearest` repeats elements, `bilinear` draws lines between their centres. Default `nearest`. */
  readonly interpolation?: 'nearest' | 'bilinear' | undefined;
}

type UpSampling2d = (
  size?: PerAxis,
  options?: UpSampling2dOptions,
) => Layer<<S extends Shape>(x: Tensor<S>) => Tensor<Slid2d<S, Channels<S>>, 'float32'>>;

/** The share of each of `length` elements in each of `factor` · `length` points: [points, length]. */
function lines(length: number, factor: number): Tensor {
  const shares = Array.from({ length: length * factor * length }, () => 0);
  for (let point = 0; point < length * factor; point++) {
    const centre = Math.min(Math.max((point + 0.5) / factor - 0.5, 0), length - 1);
    const before = Math.floor(centre);
    const after = Math.min(before + 1, length - 1);
    shares[point * length + before]! += 1 - (centre - before);
    shares[point * length + after]! += centre - before;
  }
  return literal(shares, [length * factor, length]);
}

function interpolated(x: Tensor, factors: readonly number[]): Tensor {
  checkSpatial('upSampling2d', x, 2);
  const [rows, columns] = [1, 2].map((axis, i) => lines(knownSize('upSampling2d', x, axis), factors[i]!));
  // [B, h, w, c] → [B, w, c, H] → [B, c, H, W]
  const tall = contract(x, rows!, { over: [[1], [1]] });
  return transpose(contract(tall, columns!, { over: [[1], [1]] }), { axes: [0, 2, 3, 1] });
}

/**
 * [B, height, width, channels] → [B, size · height, size · width, channels], by default twice as high and wide.
 */
export const upSampling2d: LayerKind<UpSampling2d> = defineLayer(
  'upSampling2d',
  (size: PerAxis = 2, { interpolation = 'nearest', name }: UpSampling2dOptions = {}) => {
    const factors = countsOf(size, 2);
    const larger = (x: Tensor): Tensor =>
      interpolation === 'nearest' ? repeated('upSampling2d', x, factors) : interpolated(x, factors);
    return { name, call: (_, x) => larger(x) };
  },
  {
    arguments: { size: optional(perAxis(2)) },
    options: { interpolation: oneOf('nearest', 'bilinear') },
    examples: [
      { of: [], on: [[5, 6, 3]] },
      { of: [3], on: [[5, 6, 3]] },
      { of: [[2, 3], { interpolation: 'bilinear' }], on: [[5, 6, 3]] },
    ],
  },
);
