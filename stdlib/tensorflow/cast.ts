/** Numbers of one dtype as another, in TensorFlow's ops: its own conversion leaves open what does not fit. */
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';
import type { DType } from '../../dsl/tensor.ts';

/** The largest float32 below 2³¹. */
const largest = 2 ** 31 - 128;

export function castIn(tf: TfBuilder, x: TfTensor, dtype: DType): TfTensor {
  if (dtype === 'bool' && x.dtype !== 'bool') return tf.compare('NotEqual', x, 0);
  if (dtype !== 'int32' || x.dtype !== 'float32') return tf.cast(x, dtype);
  const known = tf.select(tf.compare('Equal', x, x), x, 0);
  const fitting = tf.map('Minimum', tf.map('Maximum', known, -(2 ** 31)), largest);
  return tf.select(
    tf.compare('Greater', known, largest),
    tf.constant(2 ** 31 - 1, 'int32'),
    tf.cast(fitting, 'int32'),
  );
}
