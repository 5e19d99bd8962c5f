/** Convolution by matrix products: windows are copied out and multiplied, or products are added where they overlap. */
import { product } from '../../../../compiler/ir/dim.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';
import { backToFront } from '../../../gradients/convolution.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { contract } from '../../contraction/parts/contract.ts';
import { broadcast } from '../../movement/broadcast.ts';
import { reshape } from '../../movement/reshape.ts';
import { transpose } from '../../movement/transpose.ts';
import { sum } from '../../reduction/sum.ts';
import { overlapAdd } from '../../windows/parts/overlapAdd.ts';
import { axesFrom, reach } from '../../windows/parts/windowing.ts';
import type { Geometry } from './geometry.ts';
import { axisSizes, placesAlong } from './geometry.ts';
import { framed, patches, tapped, windowAxes } from './patches.ts';

/** Up to so many products a tap and group, a matrix product is not worth its own loops. */
const thin = 4;

/** Whether the groups are so thin that products are summed channel by channel, as in a depthwise convolution. */
export function isThin(into: number, out: number, groups: number): boolean {
  return groups > 1 && into * (out / groups) <= thin;
}

/** What copying an element out of, or adding it into, overlapping windows costs beside a product. */
const copying = 4;
const adding = 6;

/**
 * Whether, for places and elements of x alike a step apart, it costs less to multiply each element of x by the whole
 * kernel and add up where the products overlap, than to copy windows out: so it is where zeros lie between elements.
 */
export function scatters(
  lengths: readonly number[],
  channels: number,
  kernel: readonly number[],
  { strides, groups, ...geometry }: Geometry,
): boolean {
  if (groups > 1 || strides.some((stride) => stride !== 1)) return false;
  const filters = kernel.at(-1)!;
  const count = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);
  const places = lengths.map((length, i) =>
    placesAlong(i, length, kernel[i]!, { strides, groups, ...geometry }),
  );
  if (kernel.slice(0, -2).every((taps) => taps === 1) && count(places) <= count(lengths)) return false;
  const copied = count(places) * channels * (filters + copying);
  const added = count(lengths) * filters * (channels + adding);
  return added < copied;
}

/** convolve(x, kernel) by primitives that kernels compute. */
export function planConvolve(x: Tensor, kernel: Tensor, geometry: Geometry): Tensor {
  const shape = kernel.shape as readonly number[];
  const spatial = shape.length - 2;
  const [into, out] = [shape[spatial]!, shape[spatial + 1]!];
  const { groups } = geometry;
  if (isThin(into, out, groups)) return byChannel(x, kernel, geometry);
  const lengths = x.shape.slice(1, -1) as number[];
  if (scatters(lengths, into, shape, geometry)) return byOverlap(x, kernel, geometry);
  const rows = patches(x, shape.slice(0, spatial), geometry);
  if (groups === 1)
    return contract(rows, reshape(kernel, [product(shape.slice(0, -1)), out]), {
      over: [[spatial + 1], [0]],
    });
  const parts = reshape(kernel, [product(shape.slice(0, -1)), groups, out / groups]);
  const sums = contract(rows, parts, { batch: [[0], [1]], over: [[spatial + 2], [0]] });
  const last = transpose(sums, { axes: [...axesFrom(1, spatial + 1), 0, spatial + 2] });
  return reshape(last, [...last.shape.slice(0, spatial + 1), out]);
}

/** Products summed over taps for each channel on its own. */
function byChannel(x: Tensor, kernel: Tensor, geometry: Geometry): Tensor {
  const shape = kernel.shape as readonly number[];
  const spatial = shape.length - 2;
  const [into, out] = [shape[spatial]!, shape[spatial + 1]!];
  const { groups } = geometry;
  const taps = shape.slice(0, spatial);
  const seen = tapped(x, taps, geometry);
  const axes = windowAxes(spatial);
  // [B, …places, …taps, groups, into, out / groups]
  const frame = [...seen.shape, out / groups];
  const weights = transpose(reshape(kernel, [...taps, into, groups, out / groups]), {
    axes: [...axesFrom(0, spatial), spatial + 1, spatial, spatial + 2],
  });
  const products = multiply(broadcast(reshape(seen, [...seen.shape, 1]), frame), broadcast(weights, frame));
  const sums = sum(products, { axis: [...axes.taps, axes.rest + 1] });
  return reshape(sums, [...seen.shape.slice(0, spatial + 1), out]);
}

/** Each element of x times the whole kernel, added up where the products belong, and what lies outside cut off. */
function byOverlap(x: Tensor, kernel: Tensor, { padding, inputDilation, kernelDilation }: Geometry): Tensor {
  const spatial = padding.length;
  const taps = kernel.shape.slice(0, spatial) as number[];
  // Tap k of a place reads what lies k further on: seen from there, the taps lie the other way around.
  const products = contract(x, backToFront(kernel), { over: [[spatial + 1], [spatial]] });
  const extents = taps.map((count, i) => reach(count, kernelDilation[i]!));
  const lengths = axisSizes(
    spatial,
    (i) => reach(x.shape[i + 1] as number, inputDilation[i]!) + extents[i]! - 1,
  );
  const whole = overlapAdd(products, { lengths, strides: inputDilation, dilation: kernelDilation });
  const margins = padding.map(([before, after], i): [number, number] => [
    before - extents[i]! + 1,
    after - extents[i]! + 1,
  ]);
  return framed(
    whole,
    margins,
    extents.map(() => 1),
  );
}
