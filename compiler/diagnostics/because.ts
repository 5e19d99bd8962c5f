/** Diagnostics that keep the error that led to them, for whoever looks deeper. */
import type { Diagnostic } from './diagnostic.ts';
import { DiagnosticError } from './diagnostic.ts';
import { shortened } from './shortened.ts';

export function because(diagnostic: Diagnostic, cause: unknown): DiagnosticError {
  const error = new DiagnosticError([diagnostic]);
  error.cause = cause;
  return error;
}

export function refuseBecause(diagnostic: Diagnostic, cause: unknown): never {
  throw because(diagnostic, cause);
}

/** Errors of compilers and systems run over several lines; more than this is no message. */
const longestSaying = 2000;

/**
 * What an error of any kind says. Anything can be thrown, and whoever asks is handling a failure already, so this never
 * throws: not of a value without a text, nor of a getter or a proxy that throws itself.
 */
export function saying(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message || error.name : error;
    return shortened(String(text), longestSaying);
  } catch {
    return 'a value that has no text';
  }
}

/** What kind of thing was thrown: an error's name, or the type of what is none. As `saying`, it never throws. */
export function kindOfError(error: unknown): string {
  try {
    return shortened(error instanceof Error ? String(error.name) : typeof error);
  } catch {
    return 'a value that has no text';
  }
}
