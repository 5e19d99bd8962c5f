/** Rows held to a validator of any library that keeps to Standard Schema. */
import { DAT730 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { StandardIssue, StandardResult, StandardSchema } from '../../../dsl/standard-schema.ts';
import { valueText } from '../value-text.ts';

export function isValidator(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  if (!('~standard' in value)) return false;
  const standard = value['~standard'];
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  );
}

/** What the validator makes of a row, now or later; refused with DAT730 where it says no. */
export function validated(validator: StandardSchema, row: unknown, place: string): unknown {
  const result = validator['~standard'].validate(row);
  return result instanceof Promise
    ? result.then((later) => valueOf(later, row, place))
    : valueOf(result, row, place);
}

function valueOf(result: StandardResult<unknown>, row: unknown, place: string): unknown {
  if (result.issues === undefined) return result.value;
  return refuse(
    DAT730({
      message: `${place}: ${result.issues.map(issueText).join('; ')}`,
      span: nowhere,
      expected: 'a row that its validator takes',
      received: valueText(row),
      hint: "onBadRow: 'skip' or deadLetter(file) passes over rows that are refused",
    }),
  );
}

function issueText({ message, path = [] }: StandardIssue): string {
  const keys = path.map((step) => String(typeof step === 'object' ? step.key : step));
  return keys.length > 0 ? `${keys.join('.')}: ${message}` : message;
}
