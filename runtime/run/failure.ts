/** What a run fails of: diagnostics with a place in the user's file, whatever was thrown. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN802, RUN806 } from '../../compiler/diagnostics/run.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { beginningOf } from '../../compiler/ir/span.ts';
import type { Runnable } from '../engines/engine.ts';

/** `span` is the pipeline's, for what knows no better place. */
export function failureOf(error: unknown, span: Span): DiagnosticError {
  if (error instanceof DiagnosticError && error.diagnostics.length > 0) return placed(error, span);
  const failure = new DiagnosticError([
    RUN806({
      message: `the run stopped on an unexpected error: ${saying(error)}`,
      span: beginningOf(span),
      expected: 'no error',
      received: error instanceof Error ? error.name : typeof error,
      hint: 'the cause of this error has the details; if its message begins with internal:, please report it',
    }),
  ]);
  failure.cause = error;
  return failure;
}

/** The same error, with `span` where it knows no place. */
export function placed(error: DiagnosticError, span: Span): DiagnosticError {
  if (error.diagnostics.every((diagnostic) => diagnostic.span.file !== '')) return error;
  const failure = new DiagnosticError(
    error.diagnostics.map((diagnostic) =>
      diagnostic.span.file === '' ? { ...diagnostic, span: beginningOf(span) } : diagnostic,
    ),
  );
  if (error.cause !== undefined) failure.cause = error.cause;
  return failure;
}

/** A loss that is no number is blamed on the batch just run, where one of its columns holds such a value. */
export function blamedOnData(error: unknown, { inputs, capacity }: Runnable, rows: number): unknown {
  const [diagnostic] = error instanceof DiagnosticError ? error.diagnostics : [];
  if (diagnostic?.code !== RUN802.code) return error;
  for (const [column, values] of Object.entries(inputs)) {
    const width = values.length / capacity;
    const at = values.subarray(0, rows * width).findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor(at / width);
    return new DiagnosticError([
      {
        ...diagnostic,
        message: `${diagnostic.message}: the column ${column} is ${values[at]} in row ${row + 1} of the batch`,
        expected: 'finite numbers in every column',
        received: `${column} = ${values[at]}; ${othersIn(inputs, column, row, capacity)}`,
        hint: 'leave such rows out with .filter(…), or replace the value with .map(…)',
      },
    ]);
  }
  return error;
}

/** The rest of a row, as far as its values are single numbers: what to find it by. */
function othersIn(inputs: Runnable['inputs'], column: string, row: number, capacity: number): string {
  const others = Object.entries(inputs).filter(
    ([name, values]) => name !== column && values.length === capacity,
  );
  return others.length === 0
    ? `row ${row + 1} of the batch`
    : `in the row with ${others.map(([name, values]) => `${name} = ${values[row]}`).join(', ')}`;
}
