/** The last step of the normalisations: y · gamma + beta along some axes. */
import { flag, initializer } from '../../../compiler/op/checks.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { ones } from '../../ops/creation/ones.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import { reshape } from '../../ops/movement/reshape.ts';
import { knownSize } from './check-inputs.ts';

export interface ScaleAndShiftOptions {
  /** Whether `beta` is added. Default true. */
  readonly center?: boolean | undefined;
  /** Whether the result is multiplied by `gamma`. Default true. */
  readonly scale?: boolean | undefined;
  /** Default `zeros`. */
  readonly betaInitializer?: Initializer | undefined;
  /** Default `ones`. */
  readonly gammaInitializer?: Initializer | undefined;
}

/** The checks of these options. */
export const scaleAndShiftChecks = {
  center: flag,
  scale: flag,
  betaInitializer: initializer,
  gammaInitializer: initializer,
} as const;

export interface ScaleAndShift {
  readonly gamma?: Tensor;
  readonly beta?: Tensor;
}

/** `gamma` and `beta`, each with the sizes of x along `axes`. */
export function scaleAndShift(
  layer: string,
  x: Tensor,
  axes: readonly number[],
  options: ScaleAndShiftOptions,
): ScaleAndShift {
  const { center = true, scale = true, betaInitializer = zeros, gammaInitializer = ones } = options;
  const shape = axes.map((axis) => knownSize(layer, x, axis));
  return {
    ...(scale && { gamma: param(shape, { initializer: gammaInitializer }) }),
    ...(center && { beta: param(shape, { initializer: betaInitializer }) }),
  };
}

/** A parameter with the sizes of x along `axes`, as it broadcasts with x. */
export function along(parameter: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const first = Math.min(x.shape.length, ...axes);
  // Trailing axes broadcast as they stand, and so does a single number.
  if (axes.length === x.shape.length - first) return parameter;
  return reshape(
    parameter,
    x.shape.slice(first).map((size, i) => (axes.includes(first + i) ? size : 1)),
  );
}

export function scaledAndShifted(y: Tensor, { gamma, beta }: ScaleAndShift, axes: readonly number[]): Tensor {
  const scaled = gamma ? multiply(y, along(gamma, y, axes)) : y;
  return beta ? add(scaled, along(beta, y, axes)) : scaled;
}
