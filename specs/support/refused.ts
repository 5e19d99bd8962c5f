/** The diagnostics that something is refused with. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';

/** Fails when nothing is refused, or when something else is thrown. */
export async function refused(
  attempt: PromiseLike<unknown> | (() => unknown),
): Promise<readonly Diagnostic[]> {
  let value: unknown;
  try {
    value = await (typeof attempt === 'function' ? attempt() : attempt);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
  throw new Error(`internal: nothing was refused, but this came: ${String(value)}`);
}
