/** What becomes of rows that a source gave and that are not what its schema or validator asks: fail, skip, or a dead letter. */
import { because, kindOfError, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { OnBadRow, RowOptions } from '../../../dsl/row-options.ts';
import { BadRow } from '../../../dsl/row-options.ts';
import type { StageContext } from '../../../dsl/stage.ts';
import { writeDeadLetter } from './dead-letters.ts';
import { isValidator } from './validated.ts';

/** One bad row. */
export interface Refused {
  /** Where it stands: `readings.jsonl:12`, `row 7 of the source`. */
  readonly place: string;
  /** As it came. */
  readonly row: unknown;
  /** What it is refused with. */
  readonly error: DiagnosticError;
}

/** Counts, writes down, or throws. */
export type BadRowPolicy = (refused: Refused) => void;

/** `isRepeated`: whether the same bad row may come again, in another epoch or after a crash. */
export function badRowPolicy(
  { onBadRow = 'fail' }: RowOptions,
  reject: StageContext['reject'],
  isRepeated: boolean,
): BadRowPolicy {
  if (onBadRow === 'fail') {
    return ({ error }) => {
      throw error;
    };
  }
  return ({ place, row, error }) => {
    if (onBadRow !== 'skip') writeDeadLetter(onBadRow, { place, reason: reasonOf(error), row }, isRepeated);
    reject('invalid', 1);
  };
}

/** The option with its default: whether the first bad row ends the run. */
export function fails({ onBadRow = 'fail' }: RowOptions): boolean {
  return onBadRow === 'fail';
}

/** Whether rows are taken as they are, and the first bad one ends the run. */
export function isPlain({ validate, missing = 'error', ...options }: RowOptions): boolean {
  return validate === undefined && missing === 'error' && fails(options);
}

function reasonOf({ diagnostics }: DiagnosticError): string {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`).join('; ');
}

/** What options of rows must be, in words; undefined where they are. */
export function rowOptionsProblem({
  rowOptions = {},
}: {
  readonly rowOptions?: RowOptions;
}): string | undefined {
  const { onBadRow, validate, missing } = rowOptions;
  if (onBadRow !== undefined && !isPolicy(onBadRow)) {
    return "onBadRow: 'fail', 'skip' or deadLetter(file)";
  }
  if (validate !== undefined && !isValidator(validate)) {
    return 'a validator that keeps to Standard Schema, such as z.object({ … })';
  }
  if (missing !== undefined && missing !== 'error' && missing !== 'nan' && typeof missing !== 'object') {
    return "missing: 'error', 'nan', or a value for each column that may lack one";
  }
  return undefined;
}

function isPolicy(policy: OnBadRow): boolean {
  if (policy === 'fail' || policy === 'skip') return true;
  const { deadLetter } = Object(policy) as { readonly deadLetter?: unknown };
  return typeof deadLetter === 'string' || deadLetter instanceof URL;
}

/** A row as an error, whatever went wrong while it was looked at. */
export function refusedBecause(place: string, error: unknown): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  return because(
    DAT705({
      message: `${place}: the row cannot be read: ${saying(error)}`,
      span: nowhere,
      expected: 'an object whose properties can be read',
      received: kindOfError(error),
    }),
    error,
  );
}

/** What came, of a row that could not be made out. */
export function originalOf(row: unknown): unknown {
  return row instanceof BadRow ? row.row : row;
}
