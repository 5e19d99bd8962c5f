/** MurmurHash3's finalizer (Appleby 2011): a bijection of 32-bit words in which every bit reaches every bit. */
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import type { TfBuilder, TfTensor } from '../../compiler/op/tensorflow.ts';

const [first, second] = [0x85ebca6b, 0xc2b2ae35];

/** Of a plain number; 0 stays 0. */
export function fmix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), first);
  h = Math.imul(h ^ (h >>> 13), second);
  return h ^ (h >>> 16);
}

/** The same, as a scalar expression. */
export function fmixOf(s: ScalarBuilder, word: Scalar): Scalar {
  const folded = (h: Scalar, by: number): Scalar => s.xor(h, s.shrU(h, by));
  const once = s.mul(folded(word, 16), s.i32(first | 0));
  return folded(s.mul(folded(once, 13), s.i32(second | 0)), 16);
}

/** The same in TensorFlow's ops, on words without a sign. */
export function fmixIn(tf: TfBuilder, word: TfTensor): TfTensor {
  const folded = (h: TfTensor, by: number): TfTensor => tf.map('BitwiseXor', h, tf.map('RightShift', h, by));
  const once = tf.map('Mul', folded(word, 16), first);
  return folded(tf.map('Mul', folded(once, 13), second), 16);
}
