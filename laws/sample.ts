/** Values to try a definition on, and what a run gives it. */

import type { Node } from '../compiler/ir/node.ts';
import type { Domain } from '../compiler/op/domain.ts';
import { runSeed, runStep, training } from '../compiler/op/leaf.ts';
import type { Values } from '../compiler/op/values.ts';
import { sizeOf } from '../compiler/op/values.ts';
import type { DType } from '../dsl/tensor.ts';
import type { Draws } from './draw.ts';

/** The dtype that holds a domain's values. */
export const dtypeOf = ({ kind }: Domain): DType =>
  kind === 'truths' ? 'bool' : kind === 'integers' ? 'int32' : 'float32';

/** Values of a domain, of any shape. */
export function valuesOf(domain: Domain, shape: readonly number[], draws: Draws): Values {
  const data = new Float64Array(sizeOf(shape));
  return draws.valuesLike({ dtype: dtypeOf(domain), shape, data }, domain);
}

export const scalar = (value: number, dtype: DType = 'float32'): Values => ({
  dtype,
  shape: [],
  data: Float64Array.of(value),
});

/** What the run gives: its seed, the step, and whether it trains. */
export function ofRun(seed: number, isTraining: boolean, step = 0): Map<Node, Values> {
  return new Map([
    [runSeed, { dtype: 'int32', shape: [2], data: Float64Array.of(seed, 0) }],
    [runStep, scalar(step, 'int32')],
    [training, scalar(Number(isTraining), 'bool')],
  ]);
}
