/** All laws of an op, from what its card says: examples, types, gradients, facts and claims. */
import type { Card } from '../../compiler/op/card.ts';
import type { Roles } from '../../compiler/op/roles.ts';
import { Draws } from '../draw.ts';
import type { LawTest } from '../law-test.ts';
import { claimHolds, handsNaNOn } from './claims.ts';
import { documentedCalls } from './documented-calls.ts';
import { exampleHolds, hasItsType, isDocumented } from './examples.ts';
import { declaredFacts } from './facts.ts';
import { hasItsGradient, hasSlopes } from './gradient.ts';
import { loweredCard, lowersToItsMeaning } from './lowering.ts';
import { saysWhatPassesNeed } from './passes.ts';

/** A law of an op; running it gives the number of checks that it made. */
export interface OpLaw extends LawTest {
  readonly run: () => number;
}

export interface OpLawOptions {
  /** The ops that gradients are summed with. */
  readonly roles: Roles;
  /** Which cases are drawn: the same seed draws the same. */
  readonly seed: number;
  /** How many cases a law draws for each documented example. */
  readonly runs: number;
}

/** The laws of a card. */
export function lawsOfOp(card: Card, { roles, seed, runs }: OpLawOptions): OpLaw[] {
  const calls = documentedCalls(card);
  const [first] = calls;
  const draws = (): Draws => new Draws(seed);
  return [
    { name: 'is documented', run: () => isDocumented(card, calls) },
    ...calls.map((call) => ({ name: `${call.text}, holds`, run: () => exampleHolds(call) })),
    ...calls.map((call) => ({
      name: `${call.text}, has its type`,
      run: () => hasItsType(call, draws(), runs),
    })),
    ...(card.kind === 'composite' ? [] : calls).map((call) => ({
      name: `${call.text}, says what passes need`,
      run: () => saysWhatPassesNeed(call),
    })),
    ...calls.flatMap((call) => {
      const lowered = loweredCard(call);
      if (!lowered) return [];
      const run = (): number => lowersToItsMeaning(call, lowered, draws(), runs * 4);
      return [{ name: `${call.text}, lowers to its meaning`, run }];
    }),
    ...calls.filter(hasSlopes).map((call) => ({
      name: `${call.text}, has its gradient`,
      run: () => hasItsGradient(call, roles, draws(), Math.ceil(runs * 0.4)),
    })),
    ...declaredFacts(card),
    ...(first ? card.laws : []).map((law) => ({
      name: law.formula,
      run: () => (first ? claimHolds(law, first, draws(), runs * 2) : 0),
    })),
    ...(first && card.kind === 'composite' && card.family === 'activation'
      ? [{ name: 'hands NaN on', run: () => handsNaNOn(first) }]
      : []),
  ];
}
