/** Values that nothing flows into, in TensorFlow's ops: numbers, sizes, coordinates. */
import type { Dim } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import type { Builder } from './builder.ts';

export function leafTensor(tf: Builder, node: Node): TfTensor {
  const { attributes } = node;
  const { dtype, shape } = typeOf(node);
  switch (node.card.name) {
    case 'constant':
      // One number: those that need it in every element stretch it.
      return tf.constant(attributes.value as number, dtype);
    case 'literal':
      return tf.constant(attributes.values as readonly number[], dtype, shape as readonly number[]);
    case 'dimension':
      return tf.cast(tf.size(attributes.size as Dim), dtype);
    case 'iota': {
      const axis = attributes.axis as number;
      const line = shape.map((size, at) => (at === axis ? size : 1));
      return tf.cast(tf.reshape(tf.range(shape[axis]!), line), dtype);
    }
    default:
      throw new Error(`internal: ${node.card.name} has no value in TensorFlow`);
  }
}
