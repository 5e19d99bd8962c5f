/** How long the sequences of a batch are: `lengthsOf`, `maskOf`. */

import { refuse } from '../compiler/diagnostics/diagnostic.ts';
import { SHP201 } from '../compiler/diagnostics/shape.ts';
import { sameShape, shapeText } from '../compiler/ir/dim.ts';
import { isColumn } from '../compiler/ir/facts.ts';
import { Node, nodeOf } from '../compiler/ir/node.ts';
import { siteSpan } from '../compiler/ir/site.ts';
import { iota, lengthLeaf } from '../compiler/op/leaf.ts';
import { typeText } from '../compiler/op/type-text.ts';
import type { Batch, DType, Length, Shape, Tensor } from '../dsl/tensor.ts';
import { less } from './ops/comparison/less.ts';
import { reshape } from './ops/movement/reshape.ts';

/** A column of sequences, as a model sees it. */
type Sequences = Tensor<readonly [Batch, Length, ...Shape]>;

/** How many items each row has, i32[B]: `lengthsOf(speed)`. SHP201 of what is no column of sequences. */
export function lengthsOf(column: Sequences): Tensor<readonly [Batch], 'int32'> {
  return typed(lengthLeaf(columnOf(column, 'lengthsOf')), ['B'], 'int32');
}

/**
 * Where items are, bool[B, T]: false from the end of each row on. `where(expandDims(maskOf(speed), { axis: -1 }), x, 0)`, and
 * `divide(sum(kept, { axis: 1 }), lengthsOf(speed))` as the mean of what is there. SHP201 of what is no column of sequences.
 */
export function maskOf(column: Sequences): Tensor<readonly [Batch, Length], 'bool'> {
  const { shape } = columnOf(column, 'maskOf');
  // By NumPy's rule: i32[B, T] with i32[B, 1].
  const isThere = less(iota(shape.slice(0, 2), 1), reshape(lengthsOf(column), ['B', 1]));
  return typed(nodeOf(isThere), ['B', 'T'], 'bool');
}

/** The node as the tensor that it is. */
function typed<const S extends Shape, D extends DType>(node: Node, shape: S, dtype: D): Tensor<S, D> {
  const is = (made: Node): made is Node & Tensor<S, D> =>
    made.dtype === dtype && sameShape(made.shape, shape);
  if (is(node)) return node;
  throw new Error(`internal: ${typeText(node)} where ${dtype}${shapeText(shape)} is meant`);
}

function columnOf(given: unknown, name: string): Node {
  if (given instanceof Node && isColumn(given) && given.shape[1] === 'T') return given;
  return refuse(
    SHP201({
      message: `${name} is asked of a column of sequences`,
      span: siteSpan(),
      expected: 'a column that is sequence(…) in the schema',
      received: given instanceof Node && given.type ? typeText(given) : typeof given,
      hint: 'ask it of the column itself, before anything is computed of it',
    }),
  );
}
