/** What a run fails of: diagnostics with a place in the user's file, whatever was thrown. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN806 } from '../../compiler/diagnostics/run.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { beginningOf } from '../../compiler/ir/span.ts';

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
