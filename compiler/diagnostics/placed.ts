/** Gives an error a place where it knows none. */
import type { Span } from '../ir/span.ts';
import { DiagnosticError } from './diagnostic.ts';

/** The same error, with `span` for each of its diagnostics that has no file. */
export function placed(error: DiagnosticError, span: Span): DiagnosticError {
  if (error.diagnostics.every((diagnostic) => diagnostic.span.file !== '')) return error;
  const found = new DiagnosticError(
    error.diagnostics.map((diagnostic) =>
      diagnostic.span.file === '' ? { ...diagnostic, span } : diagnostic,
    ),
  );
  if (error.cause !== undefined) found.cause = error.cause;
  return found;
}
