/** Values that nothing flows into, in TensorFlow's ops: numbers, sizes, coordinates. */
import { leafOf } from '../../ir/facts.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import type { Builder } from './builder.ts';

export function leafTensor(tf: Builder, node: Node): TfTensor {
  const { attributes } = node;
  const { dtype, shape } = typeOf(node);
  const leaf = leafOf(node);
  switch (leaf?.is) {
    case 'constant':
      // One number: those that need it in every element stretch it.
      return tf.constant(leaf.value(attributes), dtype);
    case 'literal':
      return tf.constant(leaf.values(attributes), dtype, shape as readonly number[]);
    case 'size':
      return tf.cast(tf.size(leaf.size(attributes)), dtype);
    case 'coordinate': {
      const axis = leaf.axis(attributes);
      const line = shape.map((size, at) => (at === axis ? size : 1));
      return tf.cast(tf.reshape(tf.range(shape[axis]!), line), dtype);
    }
    default:
      throw new Error(`internal: ${node.card.name} has no value in TensorFlow`);
  }
}
