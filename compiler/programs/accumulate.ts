/** Sums over the rows of an epoch, kept in the graph: compensated, so that a million small terms add up. */

import type { Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { constant } from '../op/leaf.ts';
import type { Roles } from '../op/roles.ts';
import { stateLeaf } from './state-leaf.ts';

export interface Accumulator {
  readonly leaves: readonly Node[];
  readonly updates: readonly Update[];
  /** The sum with the present batch in it. */
  readonly total: Node;
}

/** Kahan's summation (Kahan 1965): `carry` holds what rounding took from `total`. Integers need no carry. */
export function accumulate(name: string, value: Node, roles: Roles): Accumulator {
  const { shape, dtype } = value;
  if (dtype === 'bool') return accumulate(name, nodeOf(roles.cast(value, 'int32')), roles);
  const zero = constant(0, shape, dtype);
  const total = stateLeaf(`${name}.total`, shape as readonly number[], dtype, zero);
  if (dtype === 'int32') {
    const sum = nodeOf(roles.add(total, value));
    return { leaves: [total], updates: [{ target: total, value: sum }], total: sum };
  }
  const carry = stateLeaf(`${name}.carry`, shape as readonly number[], dtype, zero);
  const corrected = roles.subtract(value, carry);
  const sum = nodeOf(roles.add(total, corrected));
  const lost = nodeOf(roles.subtract(roles.subtract(sum, total), corrected));
  return {
    leaves: [total, carry],
    updates: [
      { target: total, value: sum },
      { target: carry, value: lost },
    ],
    total: nodeOf(roles.subtract(sum, lost)),
  };
}
