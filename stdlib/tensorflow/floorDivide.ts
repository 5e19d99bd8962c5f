/** ⌊a / b⌋ in TensorFlow's ops: whole numbers divided by 0 stop it, and the smallest by −1 stops the machine. */
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';

export function floorDivideIn(tf: TfBuilder, a: TfTensor, b: TfTensor): TfTensor {
  if (a.dtype === 'float32') return tf.map('Floor', tf.map('RealDiv', a, b));
  const zero = tf.compare('Equal', b, 0);
  const opposite = tf.compare('Equal', b, -1);
  const divisor = tf.select(tf.logic('LogicalOr', zero, opposite), 1, b);
  const quotient = tf.select(opposite, tf.map('Neg', a), tf.map('FloorDiv', a, divisor));
  return tf.select(zero, 0, quotient);
}
