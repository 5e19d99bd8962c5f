/** Random values in the domain that a card declares for an input. */
import fc from 'fast-check';
import type { Domain } from '../../compiler/op/domain.ts';
import type { Values } from '../../compiler/op/values.ts';
import { sizeOf } from '../../compiler/op/values.ts';

/** How near to a kink a sample may come: central differences reach 1/1000 to each side. */
const margin = 0.01;

/** One number of the domain, no nearer than `margin` to a kink. */
export function element(domain: Domain): fc.Arbitrary<number> {
  if (domain.kind === 'truths') return fc.integer({ min: 0, max: 1 });
  if (domain.kind === 'integers') return fc.integer({ min: domain.min, max: domain.max });
  return fc
    .double({ min: domain.min, max: domain.max, noNaN: true })
    .map(Math.fround)
    .filter((x) => domain.kinks.every((kink) => Math.abs(x - kink) > margin));
}

/** Other values for a leaf, of the type it has. */
export function valuesLike(values: Values, domain: Domain): fc.Arbitrary<Values> {
  const length = sizeOf(values.shape);
  const number = values.dtype === 'bool' ? fc.integer({ min: 0, max: 1 }) : element(domain);
  const settled = values.dtype === 'int32' ? number.map(Math.trunc) : number;
  return fc
    .array(settled, { minLength: length, maxLength: length })
    .map((data) => ({ ...values, data: Float64Array.from(data) }));
}
