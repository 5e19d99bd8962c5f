/** Random tensors of a run: keyed by its seed, new in each step, each call a stream of its own. */

import { checkArguments } from '../../../compiler/op/arguments.ts';
import * as check from '../../../compiler/op/checks.ts';
import { runSeed, runStep } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../arithmetic/add.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { less } from '../comparison/less.ts';
import { typed } from '../creation/parts/typed.ts';
import { erfInverse } from '../special/erfInverse.ts';
import { randomUniform } from './parts/randomUniform.ts';
import { symmetric } from './parts/symmetric.ts';

export interface RandomUniformOptions {
  /** The smallest number that may come. Default 0. */
  readonly min?: number | undefined;
  /** Where numbers end; it does not come itself. Default 1. */
  readonly max?: number | undefined;
}

export interface RandomNormalOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** The standard deviation. Default 1. */
  readonly stddev?: number | undefined;
}

export interface RandomBernoulliOptions {
  /** How likely true is, from 0 to 1. Default 0.5. */
  readonly probability?: number | undefined;
}

const shaped = { shape: option.dims() };

/** Evenly distributed in [min, max). */
function uniform<const S extends Shape>(shape: S, options: RandomUniformOptions = {}): Tensor<S, 'float32'> {
  checkArguments('random.uniform', shaped, { min: check.real, max: check.real }, [shape, options]);
  const { min = 0, max = 1 } = options;
  const even = randomUniform(runSeed, runStep, { shape });
  return min === 0 && max === 1 ? even : typed(add(multiply(even, max - min), min), shape, 'float32');
}

/** Normally distributed. */
function normal<const S extends Shape>(shape: S, options: RandomNormalOptions = {}): Tensor<S, 'float32'> {
  checkArguments('random.normal', shaped, { mean: check.real, stddev: check.notNegative }, [shape, options]);
  const { mean = 0, stddev = 1 } = options;
  const drawn = add(multiply(erfInverse(symmetric(shape)), Math.SQRT2 * stddev), mean);
  return typed(drawn, shape, 'float32');
}

/** true with `probability`, else false. */
function bernoulli<const S extends Shape>(shape: S, options: RandomBernoulliOptions = {}): Tensor<S, 'bool'> {
  checkArguments('random.bernoulli', shaped, { probability: check.fraction }, [shape, options]);
  return less(uniform(shape), options.probability ?? 0.5);
}

/**
 * Random tensors: `random.normal([x.shape[0], 64])`, `random.bernoulli(x.shape, { probability: 0.1 })`. Numbers depend on the
 * seed of the run, on the step, on which call of the program it is and on the place in the tensor, on nothing else: a
 * program of one seed draws the same on every engine and machine. Outside training the step does not move, and so they do
 * not. Arguments that do not fit are refused with ARG101 to ARG103.
 */
export const random = { uniform, normal, bernoulli };
