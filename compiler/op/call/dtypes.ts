/** Refuses inputs of dtypes that a card does not take. */
import { DTY301 } from '../../diagnostics/dtype.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { calledAs } from '../../ir/site.ts';
import type { Card } from '../card.ts';
import { TypeMismatch } from '../mismatch.ts';
import { typeText } from '../type-text.ts';

/** Throws a `TypeMismatch` (DTY301) for the first input that the card does not take. */
export function checkDTypes(card: Card, inputs: readonly Node[]): void {
  const specs = Object.entries(card.inputs);
  for (const [blame, node] of inputs.entries()) {
    const [name, { accepts }] = specs[blame] ?? specs[0]!;
    const type = typeOf(node);
    if (accepts.includes(type.dtype)) continue;
    throw new TypeMismatch({
      code: DTY301,
      message: `${calledAs(card.name)} takes ${accepts.join(' or ')} for ${name}, not ${type.dtype}`,
      blame,
      expected: accepts.join(' or '),
      received: typeText(type),
      hint: `convert it with cast(…, '${accepts[0]}')`,
    });
  }
}
