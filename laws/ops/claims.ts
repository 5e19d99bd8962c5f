/** The laws that a card claims by name, such as `monotone`; and that activations hand NaN on. */
import type { Law } from '../../compiler/op/law.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Draws } from '../draw.ts';
import { holds } from '../law-test.ts';
import { documented, domainOf, valueOf } from './case.ts';
import type { DocumentedCall } from './documented-calls.ts';

/** The law at drawn pairs of numbers for the first input, whatever the others are. */
export function claimHolds(law: Law, call: DocumentedCall, draws: Draws, runs: number): number {
  const [first, ...others] = call.inputs;
  if (!first) return 0;
  const filled = (x: number): Values => ({ ...first.values, data: first.values.data.map(() => x) });
  for (let run = 0; run < runs; run++) {
    const domain = domainOf(call, first.name);
    const [a, b] = [draws.element(domain), draws.element(domain)];
    const fixed = others.map(
      ({ leaf, name, values }) => [leaf, draws.valuesLike(values, domainOf(call, name))] as const,
    );
    const f = (x: number): number =>
      valueOf(call.node, new Map([[first.leaf, filled(x)], ...fixed])).data[0]!;
    holds(
      law.holds(f, a, b, 1e-6),
      () => `${law.formula} of ${call.card.name} at ${a} and ${b}: ${f(a)}, ${f(b)}`,
    );
  }
  return runs;
}

/** Where the first input is NaN, so is the value. */
export function handsNaNOn(call: DocumentedCall): number {
  const [first] = call.inputs;
  if (!first) return 0;
  const spoilt = { ...first.values, data: first.values.data.map(() => Number.NaN) };
  const { data } = valueOf(call.node, new Map(documented(call)).set(first.leaf, spoilt));
  holds(data.every(Number.isNaN), () => `${call.card.name} of NaN is ${data.join(', ')}`);
  return 1;
}
