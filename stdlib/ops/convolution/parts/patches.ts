/** What a convolution multiplies its kernel with: windows of a tensor that stands in a frame of zeros. */
import { product } from '../../../../compiler/ir/dim.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';
import { pad } from '../../movement/pad.ts';
import { reshape } from '../../movement/reshape.ts';
import { slice } from '../../movement/slice.ts';
import { transpose } from '../../movement/transpose.ts';
import { axesFrom } from '../../windows/parts/windowing.ts';
import { windows } from '../../windows/windows.ts';
import type { Geometry } from './geometry.ts';

/** x with zeros around and between its elements along the spatial axes; a count less than 0 cuts elements off. */
export function framed(x: Tensor, padding: Geometry['padding'], dilation: readonly number[]): Tensor {
  const spatial = padding.length;
  const along = (at: (i: number) => number): number[] =>
    x.shape.map((_, axis) => (axis >= 1 && axis <= spatial ? at(axis - 1) : 0));
  const before = along((i) => Math.max(padding[i]![0], 0));
  const after = along((i) => Math.max(padding[i]![1], 0));
  const interior = along((i) => dilation[i]! - 1);
  const moves = [...before, ...after, ...interior].some((count) => count > 0);
  const wide = moves ? pad(x, { before, after, interior }) : x;
  if (padding.every(([first, last]) => first >= 0 && last >= 0)) return wide;
  const starts = along((i) => Math.max(-padding[i]![0], 0));
  const ends = along((i) => Math.max(-padding[i]![1], 0));
  const sizes = wide.shape.map((size, axis) =>
    typeof size === 'number' ? size - starts[axis]! - ends[axis]! : size,
  );
  return slice(wide, { starts, sizes });
}

/** The axes of a tensor of windows [B, …places, …taps, …rest], by what they count. */
export function windowAxes(spatial: number): { places: number[]; taps: number[]; rest: number } {
  return { places: axesFrom(1, spatial), taps: axesFrom(1 + spatial, spatial), rest: 1 + 2 * spatial };
}

/** The elements under each tap at each place: [B, …places, …taps, channels], or […, groups, channels / groups]. */
export function tapped(x: Tensor, taps: readonly number[], geometry: Geometry): Tensor {
  const { strides, padding, inputDilation, kernelDilation, groups } = geometry;
  const wide = framed(x, padding, inputDilation);
  const channels = wide.shape.at(-1) as number;
  const parted = groups === 1 ? wide : reshape(wide, [...wide.shape.slice(0, -1), groups, channels / groups]);
  return windows(parted, { size: taps, strides, dilation: kernelDilation });
}

/** A matrix a group whose rows are what the kernel meets at each place: [B, …places, depth] or [groups, B, …places, depth]. */
export function patches(x: Tensor, taps: readonly number[], geometry: Geometry): Tensor {
  const spatial = taps.length;
  if (geometry.groups > 1) {
    const all = tapped(x, taps, geometry);
    const { places, taps: inside, rest } = windowAxes(spatial);
    const first = transpose(all, { axes: [rest, 0, ...places, ...inside, rest + 1] });
    return reshape(first, [...first.shape.slice(0, 2 + spatial), product(first.shape.slice(2 + spatial))]);
  }
  if (taps.every((count) => count === 1) && geometry.strides.every((stride) => stride === 1))
    return framed(x, geometry.padding, geometry.inputDilation);
  const all = tapped(x, taps, geometry);
  return reshape(all, [...all.shape.slice(0, 1 + spatial), product(all.shape.slice(1 + spatial))]);
}

/** The last axis in two: groups, and what each of them holds. */
export function grouped(x: Tensor, groups: number): Tensor {
  const last = x.shape.at(-1) as number;
  return reshape(x, [...x.shape.slice(0, -1), groups, last / groups]);
}
