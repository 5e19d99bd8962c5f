/** The gradient of a convolution for what it slides over: a convolution back. */
import type { Shape, Tensor } from '../../dsl/tensor.ts';
import { convolve } from '../ops/convolution/parts/convolve.ts';
import type { Geometry } from '../ops/convolution/parts/geometry.ts';
import { reshape } from '../ops/movement/reshape.ts';
import { slice } from '../ops/movement/slice.ts';
import { transpose } from '../ops/movement/transpose.ts';
import { axesFrom, reach } from '../ops/windows/parts/windowing.ts';

/** The kernel from which channels flow the other way, in each group: [...taps, in, out] → [...taps, out, in]. */
export function turned(kernel: Tensor, groups: number): Tensor {
  const spatial = kernel.shape.length - 2;
  const taps = kernel.shape.slice(0, spatial) as number[];
  const [into, out] = kernel.shape.slice(spatial) as [number, number];
  const front = axesFrom(0, spatial);
  if (groups === 1) return backToFront(transpose(kernel, { axes: [...front, spatial + 1, spatial] }));
  const split = reshape(kernel, [...taps, into, groups, out / groups]);
  const swapped = transpose(split, { axes: [...front, spatial + 2, spatial + 1, spatial] });
  return backToFront(reshape(swapped, [...taps, out / groups, groups * into]));
}

/** The taps of a kernel in reverse order along each spatial axis. */
export function backToFront(kernel: Tensor): Tensor {
  const turnedAxis = (axis: number): boolean => axis < kernel.shape.length - 2;
  return slice(kernel, {
    starts: kernel.shape.map((_, axis) => (turnedAxis(axis) ? -1 : 0)),
    sizes: kernel.shape,
    steps: kernel.shape.map((_, axis) => (turnedAxis(axis) ? -1 : 1)),
  });
}

/**
 * ∂loss/∂x of y = convolve(x, kernel): dy, its elements a stride apart, convolved with the kernel turned around, with
 * margins such that just the elements of x come out.
 */
export function inputGradient(dy: Tensor, kernel: Tensor, x: Shape, geometry: Geometry): Tensor {
  const { strides, padding, inputDilation, kernelDilation, groups } = geometry;
  const margins = padding.map(([before], i): [number, number] => {
    const extent = reach(kernel.shape[i] as number, kernelDilation[i]!);
    const places = reach(dy.shape[i + 1] as number, strides[i]!);
    const length = reach(x[i + 1] as number, inputDilation[i]!);
    const first = extent - 1 - before;
    return [first, length - 1 + extent - places - first];
  });
  return convolve(dy, turned(kernel, groups), {
    strides: inputDilation,
    padding: margins,
    inputDilation: strides,
    kernelDilation,
    groups,
  });
}
