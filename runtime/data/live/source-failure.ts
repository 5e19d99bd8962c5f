/** What an error of a user's source becomes. */

import { because, kindOfError, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT713 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';

export function sourceFailure(error: unknown): DiagnosticError {
  if (error instanceof DiagnosticError) return ofSource(error);
  const failure = because(
    DAT713({
      message: `the source failed: ${saying(error)}`,
      span: nowhere,
      expected: 'rows, or an end',
      received: kindOfError(error),
    }),
    error,
  );
  return ofSource(failure);
}

/** Failures that took no row with them: the states of all cursors are still those before the row that was asked for. */
const ofSources = new WeakSet<object>();

export function ofSource<E extends object>(error: E): E {
  ofSources.add(error);
  return error;
}

/** Whether the rows can be gone on with from where they failed. */
export function isOfSource(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ofSources.has(error);
}
