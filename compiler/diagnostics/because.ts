/** Refuses with a diagnostic and keeps the error that led to it, for whoever looks deeper. */
import type { Diagnostic } from './diagnostic.ts';
import { DiagnosticError } from './diagnostic.ts';

export function refuseBecause(diagnostic: Diagnostic, cause: unknown): never {
  const error = new DiagnosticError([diagnostic]);
  error.cause = cause;
  throw error;
}

/** What an error of any kind says. */
export function saying(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
