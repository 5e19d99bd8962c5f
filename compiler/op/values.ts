/** Plain arrays of numbers with a shape: what the meaning of an op is written on. */
import type { DType } from '../../dsl/tensor.ts';

/** Row-major; float64 whatever the dtype, so that the oracle is more exact than what it judges. */
export interface Values {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The number of elements of a shape whose sizes are known. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** One number in every element. */
export function filled(dtype: DType, shape: readonly number[], value: number): Values {
  return { dtype, shape, data: new Float64Array(sizeOf(shape)).fill(value) };
}

/** Builds an array by asking for each element by its coordinates. */
export function tabulate(dtype: DType, shape: readonly number[], element: (at: number[]) => number): Values {
  const data = new Float64Array(sizeOf(shape));
  const at = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = element(at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = at[axis]! + 1;
      if (at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
  return { dtype, shape, data };
}

/** The position of an element in row-major order. */
export function offsetOf(shape: readonly number[], at: readonly number[]): number {
  return shape.reduce((offset, dim, axis) => offset * dim + at[axis]!, 0);
}

/** The element at the given coordinates. */
export function elementAt(values: Values, at: readonly number[]): number {
  return values.data[offsetOf(values.shape, at)]!;
}
