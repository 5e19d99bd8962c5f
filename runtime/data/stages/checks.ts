/** What several stages ask of their arguments, and of what functions give them. */
import { DAT714 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { valueText } from '../value-text.ts';

/** A whole number of rows, or all there are. */
export function isCount(value: unknown, least = 0): boolean {
  return (Number.isInteger(value) && Number(value) >= least) || value === Number.POSITIVE_INFINITY;
}

/** A whole number of rows that memory has to hold. */
export function isRoom(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** What a function gave as rows, where it is a list of them or anything else that can be gone through. */
export function rowsIn(stage: string, given: unknown): Iterable<unknown> {
  if (isIterable(given)) return given;
  return refuse(
    DAT714({
      message: `${stage} gave something else than rows`,
      span: nowhere,
      expected: 'a list of rows, or another iterable',
      received: valueText(given),
    }),
  );
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
