/** Numbers so small that they only cost time, as zero. */
import { float } from '../../../compiler/op/accepts.ts';
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { idempotent, odd } from '../../../compiler/op/law.ts';
import type { Elementwise } from '../../../compiler/op/signatures.ts';
import { abs } from '../arithmetic/abs.ts';
import { less } from '../comparison/less.ts';
import { where } from '../comparison/where.ts';

/** Well above the denormal numbers, so that no product with a rate near 0.001 falls among them, and beneath notice. */
const smallest = 2 ** -100;

/**
 * x, or 0 where |x| < 2⁻¹⁰⁰. For running averages, which decay towards 0 and would get stuck among the denormal numbers
 * (below 2⁻¹²⁶), on which processors compute ten to a hundred times as slowly.
 */
export const flushToZero: Op<Elementwise> = composite({
  name: 'flushToZero',
  inputs: { x: float },
  body: ({ x }) => where(less(abs(x), smallest), 0, x),
  domain: { x: reals({ kinks: [smallest, -smallest] }) },
  laws: [odd, idempotent],
  examples: [[[[0, 2 ** -101, -(2 ** -99), 3]], [0, 0, -(2 ** -99), 3]]],
});
