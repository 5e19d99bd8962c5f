/** The gradient of a convolution for its kernel, by matrix products. */
import { product } from '../../../../compiler/ir/dim.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';
import { backToFront } from '../../../gradients/convolution.ts';
import { multiply } from '../../arithmetic/multiply.ts';
import { contract } from '../../contraction/parts/contract.ts';
import { broadcast } from '../../movement/broadcast.ts';
import { reshape } from '../../movement/reshape.ts';
import { transpose } from '../../movement/transpose.ts';
import { sum } from '../../reduction/sum.ts';
import { axesFrom, reach } from '../../windows/parts/windowing.ts';
import type { Geometry } from './geometry.ts';
import { grouped, patches, tapped, windowAxes } from './patches.ts';
import { isThin, scatters } from './plan-convolve.ts';

/** convolveKernelGradient(x, dy) by primitives that kernels compute. */
export function planKernelGradient(
  x: Tensor,
  dy: Tensor,
  taps: readonly number[],
  geometry: Geometry,
): Tensor {
  const spatial = taps.length;
  const { groups } = geometry;
  const [channels, out] = [x.shape.at(-1) as number, dy.shape.at(-1) as number];
  const into = channels / groups;
  if (isThin(into, out, groups)) return byChannel(x, dy, taps, geometry);
  const lengths = x.shape.slice(1, -1) as number[];
  if (scatters(lengths, channels, [...taps, channels, out], geometry))
    return byWindowsOfResult(x, dy, taps, geometry);
  const rows = patches(x, taps, geometry);
  const places = axesFrom(0, spatial + 1);
  if (groups === 1) return reshape(contract(rows, dy, { over: [places, places] }), [...taps, into, out]);
  const sums = contract(rows, grouped(dy, groups), {
    batch: [[0], [spatial + 1]],
    over: [axesFrom(1, spatial + 1), places],
  });
  return kernelOf(reshape(sums, [groups, product(taps), into, out / groups]), taps);
}

/** [groups, taps, into, out / groups] → [...taps, into, out] */
function kernelOf(parts: Tensor, taps: readonly number[]): Tensor {
  const [groups, , into, out] = parts.shape as number[];
  return reshape(transpose(parts, { axes: [1, 2, 0, 3] }), [...taps, into!, groups! * out!]);
}

/** Products summed over batch and places for each channel on its own. */
function byChannel(x: Tensor, dy: Tensor, taps: readonly number[], geometry: Geometry): Tensor {
  const { groups } = geometry;
  const spatial = taps.length;
  const seen = tapped(x, taps, geometry);
  const axes = windowAxes(spatial);
  const slopes = grouped(dy, groups);
  const [into, out] = [seen.shape.at(-1) as number, slopes.shape.at(-1) as number];
  const frame = [...seen.shape, out];
  const still = [...dy.shape.slice(0, -1), ...taps.map(() => 1), groups, 1, out];
  const products = multiply(
    broadcast(reshape(seen, [...seen.shape, 1]), frame),
    broadcast(reshape(slopes, still), frame),
  );
  const sums = sum(products, { axis: [0, ...axes.places] });
  const parts = transpose(reshape(sums, [product(taps), groups, into, out]), { axes: [1, 0, 2, 3] });
  return kernelOf(parts, taps);
}

/** Windows of dy, with the taps seen from x: no zeros are multiplied where the elements of x stand apart. */
function byWindowsOfResult(
  x: Tensor,
  dy: Tensor,
  taps: readonly number[],
  { padding, inputDilation, kernelDilation }: Geometry,
): Tensor {
  const spatial = taps.length;
  const margins = padding.map(([before, after], i): [number, number] => {
    const extent = reach(taps[i]!, kernelDilation[i]!);
    return [extent - 1 - before, extent - 1 - after];
  });
  const rows = patches(dy, taps, {
    strides: inputDilation,
    padding: margins,
    inputDilation: inputDilation.map(() => 1),
    kernelDilation,
    groups: 1,
  });
  const places = axesFrom(0, spatial + 1);
  const [channels, out] = [x.shape.at(-1) as number, dy.shape.at(-1) as number];
  const sums = reshape(contract(x, rows, { over: [places, places] }), [channels, ...taps, out]);
  return backToFront(transpose(sums, { axes: [...axesFrom(1, spatial), 0, spatial + 1] }));
}
