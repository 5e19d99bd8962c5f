/** What a run fails of: diagnostics with a place in the user's file, whatever was thrown. */
import { because, kindOfError, saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { placed } from '../../compiler/diagnostics/placed.ts';
import { RUN806 } from '../../compiler/diagnostics/run.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { beginningOf } from '../../compiler/ir/span.ts';

/** `span` is the pipeline's, for what knows no better place. */
export function failureOf(error: unknown, span: Span): DiagnosticError {
  if (error instanceof DiagnosticError && error.diagnostics.length > 0)
    return placed(error, beginningOf(span));
  return because(
    RUN806({
      message: `the run stopped on an unexpected error: ${saying(error)}`,
      span: beginningOf(span),
      expected: 'no error',
      received: kindOfError(error),
      hint: 'the cause of this error has the details; if its message begins with internal:, please report it',
    }),
    error,
  );
}
