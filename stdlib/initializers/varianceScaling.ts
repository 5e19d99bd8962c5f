/** Random parameters whose spread fits the number of their inputs and outputs. */
import { notNegative, oneOf } from '../../compiler/op/checks.ts';
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { normal } from './normal.ts';
import { truncatedNormal } from './truncatedNormal.ts';
import { uniform } from './uniform.ts';

export interface VarianceScalingOptions {
  /** Default 1. */
  readonly scale?: number | undefined;
  /** Which fan divides the variance. Default `fanIn`. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAverage' | undefined;
  /** Default `truncatedNormal`. */
  readonly distribution?: 'truncatedNormal' | 'normal' | 'uniform' | undefined;
}

/** The standard deviation of a standard normal distribution cut off at ±2. */
const truncatedDeviation = 0.87962566103423978;

/** How many inputs and outputs a kernel joins: of [...field, in, out], in and out times the size of the field. */
export function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = shape.slice(0, -2).reduce((size, dim) => size * dim, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

/** Centred at 0 with variance scale / fan (Glorot & Bengio 2010; He et al. 2015), as Keras's VarianceScaling. */
export const varianceScaling = defineInitializer(
  'varianceScaling',
  (options: VarianceScalingOptions = {}) => {
    const { scale = 1, mode = 'fanIn', distribution = 'truncatedNormal' } = options;
    return (shape) => {
      const { fanIn, fanOut } = fans(shape);
      const fan = { fanIn, fanOut, fanAverage: (fanIn + fanOut) / 2 }[mode];
      const variance = scale / Math.max(1, fan);
      if (distribution === 'uniform') {
        const limit = Math.sqrt(3 * variance);
        return uniform({ min: -limit, max: limit })(shape);
      }
      const deviation = Math.sqrt(variance);
      return distribution === 'normal'
        ? normal({ stddev: deviation })(shape)
        : truncatedNormal({ stddev: deviation / truncatedDeviation })(shape);
    };
  },
  {
    options: {
      scale: notNegative,
      mode: oneOf('fanIn', 'fanOut', 'fanAverage'),
      distribution: oneOf('truncatedNormal', 'normal', 'uniform'),
    },
    examples: [
      { of: [], mean: 0, variance: 1 / 100 },
      { of: [{ mode: 'fanOut', distribution: 'normal' }], mean: 0, variance: 1 / 200 },
      {
        of: [{ scale: 2, distribution: 'uniform' }],
        shape: [3, 3, 4, 600],
        mean: 0,
        variance: 2 / 36,
        reach: Math.sqrt(6 / 36),
      },
    ],
  },
);
