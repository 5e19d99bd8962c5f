/** Values to try a definition on: drawn from domains by a seed, so that a failure repeats. */

import type { Node } from '../compiler/ir/node.ts';
import type { Domain } from '../compiler/op/domain.ts';
import { runSeed, runStep, training } from '../compiler/op/leaf.ts';
import type { Values } from '../compiler/op/values.ts';
import { sizeOf } from '../compiler/op/values.ts';
import type { DType } from '../dsl/tensor.ts';

/** Numbers in [0, 1): Mulberry32, which is enough to choose samples by. */
export function drawing(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How near to a kink a sample may come: differences reach 1/1000 to each side. */
const margin = 0.01;

/** One number of a domain, away from its kinks. */
export function numberOf({ kind, min, max, kinks }: Domain, draw: () => number): number {
  if (kind === 'truths') return draw() < 0.5 ? 0 : 1;
  if (kind === 'integers') return min + Math.floor(draw() * (max - min + 1));
  for (;;) {
    const x = Math.fround(min + draw() * (max - min));
    if (kinks.every((kink) => Math.abs(x - kink) > margin)) return x;
  }
}

/** The dtype that holds a domain's values. */
export const dtypeOf = ({ kind }: Domain): DType =>
  kind === 'truths' ? 'bool' : kind === 'integers' ? 'int32' : 'float32';

export function valuesOf(domain: Domain, shape: readonly number[], draw: () => number): Values {
  const data = Float64Array.from({ length: sizeOf(shape) }, () => numberOf(domain, draw));
  return { dtype: dtypeOf(domain), shape, data };
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
