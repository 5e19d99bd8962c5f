/** Σ weight · value, where a weight of one multiplies nothing. */
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import type { Roles } from '../op/roles.ts';

export interface Weighted {
  readonly weight: number;
  readonly value: Node;
}

export function weightedSum(terms: readonly Weighted[], roles: Roles): Node {
  const [first, ...rest] = terms.map((term) => times(term, roles));
  if (!first) throw new Error('internal: a sum of nothing');
  return rest.reduce((sum, term) => nodeOf(roles.add(sum, term)), first);
}

export function times({ weight, value }: Weighted, roles: Roles): Node {
  return weight === 1 ? value : nodeOf(roles.multiply(value, weight));
}
