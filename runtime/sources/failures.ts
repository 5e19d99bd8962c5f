/** Failures of sources on the network: those that pass, and those that another try would not mend. Told as DAT713. */
import { DAT713 } from '../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';

const lastingOnes = new WeakSet<object>();

export function passing(message: string): DiagnosticError {
  return new DiagnosticError([
    DAT713({
      message: `the source failed: ${message}`,
      span: nowhere,
      expected: 'rows, or an end',
      received: message,
    }),
  ]);
}

export function lasting(message: string): DiagnosticError {
  const error = passing(message);
  lastingOnes.add(error);
  return error;
}

/** Whether there is no point in another try. A package that is not there is not there the next time either. */
export function isLasting(error: unknown): boolean {
  if (!(error instanceof DiagnosticError)) return false;
  return lastingOnes.has(error) || error.diagnostics.some(({ code }) => code !== DAT713.code);
}
