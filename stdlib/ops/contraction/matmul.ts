/** The product of matrices. */

import { SHP202 } from '../../../compiler/diagnostics/shape.ts';
import { broadcastShapes, shapeText } from '../../../compiler/ir/dim.ts';
import { numeric } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { TypeMismatch } from '../../../compiler/op/mismatch.ts';
import type { Matmul } from '../../../compiler/op/signatures.ts';
import { sameDType } from '../../../compiler/op/type-rules.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { broadcast } from '../movement/broadcast.ts';
import { contract } from './parts/contract.ts';

function jointBatch(a: Shape, b: Shape): Shape {
  const joint = broadcastShapes(a, b);
  if (joint) return joint;
  throw new TypeMismatch({
    code: SHP202,
    message: `matmul cannot broadcast the batch axes ${shapeText(a)} with ${shapeText(b)}`,
    blame: 1,
    expected: `leading axes that broadcast with ${shapeText(a)}`,
    received: shapeText(b),
  });
}

function checkDepth(a: Tensor, b: Tensor): void {
  sameDType([a, b], 'matmul');
  const scalar = [a, b].findIndex(({ shape }) => shape.length === 0);
  if (scalar >= 0) {
    throw new TypeMismatch({
      message: 'matmul needs at least one axis on each side',
      blame: scalar,
      expected: 'a vector, a matrix or a batch of matrices',
      received: typeText([a, b][scalar]!),
      hint: 'use multiply for a scalar',
    });
  }
  const depth = a.shape.at(-1)!;
  const axis = Math.max(b.shape.length - 2, 0);
  if (depth === b.shape[axis]) return;
  const wanted = b.shape.map((size, at) => (at === axis ? depth : size));
  throw new TypeMismatch({
    message: `matmul cannot contract ${depth} with ${b.shape[axis]}`,
    blame: 1,
    label: `the last axis of ${typeText(a)} meets ${axis === 0 ? 'the first axis' : `axis ${axis}`} of ${typeText(b)}`,
    expected: typeText({ dtype: b.dtype, shape: wanted }),
    received: typeText(b),
    hint: `the second must have ${depth} along axis ${axis}, or the first must have ${b.shape[axis]} along its last`,
  });
}

/**
 * a · b. Of matrices [M, K] and [K, N] it is [M, N]; leading axes are batches and broadcast; a vector on either side is
 * a row or a column whose axis is then dropped.
 */
export const matmul: Op<Matmul> = composite({
  name: 'matmul',
  inputs: { a: numeric, b: numeric },
  body: ({ a, b }) => {
    checkDepth(a, b);
    const last = a.shape.length - 1;
    if (b.shape.length <= 2) return contract(a, b, { over: [[last], [0]] });
    // A row has no axis for the batch to pair with, so it takes part as the free axes of the left do.
    const batch = jointBatch(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const left = broadcast(a, [...(a.shape.length === 1 ? [] : batch), ...a.shape.slice(-2)]);
    const right = broadcast(b, [...batch, ...b.shape.slice(-2)]);
    if (a.shape.length === 1) return contract(right, left, { over: [[batch.length], [0]] });
    const shared = batch.map((_, axis) => axis);
    return contract(left, right, { batch: [shared, shared], over: [[batch.length + 1], [batch.length]] });
  },
  domain: { a: reals(), b: reals() },
  examples: [
    [
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      [
        [19, 22],
        [43, 50],
      ],
    ],
    [
      [
        [1, 2],
        [3, 4],
      ],
      11,
    ],
  ],
});
