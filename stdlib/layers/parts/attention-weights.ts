/** How much each position of the query takes of each key. */
import { iota } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { softmax } from '../../ops/activations/softmax.ts';
import { multiply } from '../../ops/arithmetic/multiply.ts';
import { greaterEqual } from '../../ops/comparison/greaterEqual.ts';
import { where } from '../../ops/comparison/where.ts';
import { einsum } from '../../ops/contraction/einsum.ts';
import { cast } from '../../ops/conversion/cast.ts';
import { logicalAnd } from '../../ops/logic/logicalAnd.ts';
import { expandDims } from '../../ops/movement/expandDims.ts';

export interface Seen {
  readonly useCausalMask?: boolean | undefined;
  readonly attentionMask?: Tensor | undefined;
}

/** So low that its power is 0 beside any other, and finite, so that a row that sees nothing is no NaN. */
const unseen = -1e9;

/** Which scores count: undefined if all do. */
function maskOf({ useCausalMask, attentionMask }: Seen, scores: Tensor): Tensor | undefined {
  const [, , queries, keys] = scores.shape;
  const causal = useCausalMask
    ? greaterEqual(iota([queries!, keys!], 0), iota([queries!, keys!], 1))
    : undefined;
  if (!attentionMask) return causal;
  const truths = cast(attentionMask, 'bool');
  // A mask without heads has the batch first, which is not where broadcasting would put it.
  const given = truths.shape.length === 3 ? expandDims(truths, { axis: 1 }) : truths;
  return causal ? logicalAnd(causal, given) : given;
}

/**
 * softmax(query · key / √d) over the keys that are seen, others 0: [B, T, heads, d] with [B, S, heads, d] →
 * [B, heads, T, S]. A position that sees none takes the same of all.
 */
export function attentionWeights(query: Tensor, key: Tensor, seen: Seen): Tensor {
  const scale = 1 / Math.sqrt(query.shape.at(-1) as number);
  const scores = multiply(einsum('bthd,bshd->bhts', query, key), scale);
  const mask = maskOf(seen, scores);
  return softmax(mask ? where(mask, scores, unseen) : scores);
}
