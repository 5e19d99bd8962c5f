/** Which products a convolution sums: the one place that says what convolution means. */
import { tabulate } from '../../../../compiler/op/values.ts';
import type { Geometry } from './geometry.ts';

interface Shapes {
  readonly x: readonly number[];
  readonly kernel: readonly number[];
  readonly y: readonly number[];
}

/**
 * Visits every product of y[b, o, c] = Σ x[b, i, d] · kernel[k, d′, c], by the positions of its factors and of its sum in
 * row-major order. Along each spatial axis i · inputDilation = o · stride + k · kernelDilation − before; channels c and d
 * belong to one group, in which d is number d′.
 */
export function eachProduct(
  shapes: Shapes,
  { strides, padding, inputDilation, kernelDilation, groups }: Geometry,
  visit: (x: number, kernel: number, y: number) => void,
): void {
  const spatial = strides.length;
  const [lengths, taps] = [shapes.x.slice(1, -1), shapes.kernel.slice(0, spatial)];
  const [into, out] = [shapes.kernel[spatial]!, shapes.kernel[spatial + 1]!];
  const [channels, each] = [into * groups, out / groups];
  let y = -out;
  eachPoint(shapes.y.slice(0, -1), ([b, ...place]) => {
    y += out;
    let kernel = -into * out;
    eachPoint(taps, (tap) => {
      kernel += into * out;
      let x = b!;
      for (let axis = 0; axis < spatial; axis++) {
        const shifted =
          place[axis]! * strides[axis]! + tap[axis]! * kernelDilation[axis]! - padding[axis]![0];
        const i = shifted / inputDilation[axis]!;
        if (!Number.isInteger(i) || i < 0 || i >= lengths[axis]!) return;
        x = x * lengths[axis]! + i;
      }
      for (let d = 0; d < into; d++) {
        for (let c = 0; c < out; c++) {
          const group = Math.floor(c / each);
          visit(x * channels + group * into + d, kernel + d * out + c, y + c);
        }
      }
    });
  });
}

/** Calls `visit` with each point of a box, in row-major order. */
function eachPoint(sizes: readonly number[], visit: (at: readonly number[]) => void): void {
  tabulate('float32', sizes, (at) => {
    visit(at);
    return 0;
  });
}
