/** Threefry-2x32-20 in TensorFlow's ops on words without a sign: the same bits as the card's meaning. */
import { product } from '../../compiler/ir/dim.ts';
import type { TensorType } from '../../compiler/op/card.ts';
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';
import { parity, rotations, streamWord } from '../approximations/threefry.ts';

export function randomUniformIn(
  tf: TfBuilder,
  seed: TfTensor,
  step: TfTensor,
  stream: number,
  { shape }: TensorType,
): TfTensor {
  const words = tf.bitcast(seed, 'uint32');
  const word = (i: number): TfTensor =>
    tf.op(
      'StridedSlice',
      [words, tf.constant([i], 'int32'), tf.constant([i + 1], 'int32'), tf.constant([1], 'int32')],
      { T: { type: 'uint32' }, Index: { type: 'int32' }, shrink_axis_mask: 1 },
      { dtype: 'uint32', shape: [] },
    );
  const key0 = word(0);
  const key1 = tf.map('BitwiseXor', word(1), streamWord(stream) >>> 0);
  const keys = [key0, key1, tf.map('BitwiseXor', tf.map('BitwiseXor', key0, key1), parity)] as const;
  const lanes = tf.bitcast(tf.range(product(shape)), 'uint32');
  const bits = firstWord(tf, keys, lanes, tf.bitcast(step, 'uint32'));
  const whole = tf.bitcast(tf.map('RightShift', bits, 8), 'int32');
  return tf.reshape(tf.map('Mul', tf.cast(whole, 'float32'), 2 ** -24), shape);
}

function firstWord(
  tf: TfBuilder,
  keys: readonly [TfTensor, TfTensor, TfTensor],
  lane: TfTensor,
  step: TfTensor,
): TfTensor {
  let x = tf.map('AddV2', lane, keys[0]);
  let y = tf.map('AddV2', step, keys[1]);
  for (let round = 0; round < 20; round++) {
    const by = rotations[round % rotations.length]!;
    x = tf.map('AddV2', x, y);
    const turned = tf.map('BitwiseOr', tf.map('LeftShift', y, by), tf.map('RightShift', y, 32 - by));
    y = tf.map('BitwiseXor', turned, x);
    if (round % 4 === 3) {
      const group = (round + 1) / 4;
      x = tf.map('AddV2', x, keys[group % 3]!);
      y = tf.map('AddV2', tf.map('AddV2', y, keys[(group + 1) % 3]!), group);
    }
  }
  return x;
}
