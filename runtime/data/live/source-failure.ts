/** What an error of a user's source becomes. */

import { because, kindOfError, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT713 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';

export function sourceFailure(error: unknown): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  return because(
    DAT713({
      message: `the source failed: ${saying(error)}`,
      span: nowhere,
      expected: 'rows, or an end',
      received: kindOfError(error),
    }),
    error,
  );
}
