/** The numbers that catch lowerings and rules out. */
import type { DType } from '../dsl/tensor.ts';

/** Of binary32: signed zeros, infinities, NaN, subnormals, ends of the range, halves and exact whole numbers. */
export const specialFloats: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  2,
  -2,
  3,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  Math.fround(1e-40),
  Math.fround(3.4028234663852886e38),
  -Math.fround(3.4028234663852886e38),
  2 ** 24,
  -(2 ** 24),
  1 - 2 ** -24,
  1 + 2 ** -23,
  Math.fround(88.7),
  Math.fround(-103.9),
];

export const specialWholes: readonly number[] = [
  0,
  1,
  -1,
  2,
  -2,
  7,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 16,
  -(2 ** 16) - 1,
];

export const truthValues: readonly number[] = [0, 1];

/** Those of each dtype. */
export const specials: Readonly<Record<DType, readonly number[]>> = {
  float32: specialFloats,
  int32: specialWholes,
  bool: truthValues,
};
