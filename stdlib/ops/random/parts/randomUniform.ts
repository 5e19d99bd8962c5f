/** Random numbers between 0 and 1. */

import { integer } from '../../../../compiler/op/accepts.ts';
import type { Op } from '../../../../compiler/op/card.ts';
import { none } from '../../../../compiler/op/card.ts';
import { defineOp } from '../../../../compiler/op/define/define-op.ts';
import { integers } from '../../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import { filled } from '../../../../compiler/op/values.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { streamWord, threefry, threefryOf } from '../../../approximations/threefry.ts';
import { randomUniformIn } from '../../../tensorflow/randomUniform.ts';

type RandomUniform = <const S extends Shape>(
  seed: Tensor,
  step: Tensor,
  options: { readonly shape: S; readonly stream?: number },
) => Tensor<S, 'float32'>;

/**
 * Random numbers, each of the 2²⁴ multiples of 2⁻²⁴ in [0, 1) alike: a function of the seed (int32[2]), the step
 * (an int32 scalar), the `stream` and the place of the element, by Threefry-2x32-20; nothing is remembered. The
 * compiler gives each op of a program a stream of its own.
 */
export const randomUniform: Op<RandomUniform> = defineOp({
  name: 'randomUniform',
  kind: 'random',
  inputs: { seed: integer, step: integer },
  options: { shape: option.dims(), stream: option.whole(0) },
  type: ({ seed, step }, { shape }, op) => {
    if (seed.shape.length !== 1 || seed.shape[0] !== 2 || step.shape.length !== 0) {
      throw new TypeMismatch({
        message: `${op} needs a seed of two words and a step that is a scalar`,
        expected: 'int32[2] and int32[]',
        received: `${typeText(seed)} and ${typeText(step)}`,
      });
    }
    return { dtype: 'float32', shape };
  },
  evaluate: ({ seed, step }, { stream }, { dtype, shape }) => {
    const result = filled(dtype, shape, 0);
    const [key0, key1] = [seed.data[0]!, seed.data[1]! ^ streamWord(stream)];
    for (let lane = 0; lane < result.data.length; lane++) {
      result.data[lane] = (threefry(key0, key1, lane, step.data[0]!) >>> 8) * 2 ** -24;
    }
    return result;
  },
  gradient: none('random numbers do not depend on anything smoothly'),
  lower: {
    random: (s, { seed0, seed1, step, lane }, { stream }) => {
      const word = threefryOf(s, seed0, s.xor(seed1, streamWord(stream)), lane, step);
      return s.mul(s.toFloat(s.shrU(word, 8)), 2 ** -24);
    },
    tensorflow: (tf, { seed, step }, { stream }, type) => randomUniformIn(tf, seed, step, stream, type),
  },
  domain: { seed: integers(), step: integers({ min: 0, max: 99 }) },
  cost: 80,
  // The published first block of Threefry-2x32-20, of key 0 and counter 0, is 6b200159.
  examples: [[[[0, 0], 0, { shape: [1] }], [0x6b2001 / 2 ** 24]]],
});
