/** One cause, one error: where TypeScript and the compiler report the same call, the one that says more stays. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../ir/span.ts';

/** Codes that know shapes, dtypes and tensors exactly, where TypeScript only knows that types do not fit. */
const exact = /^(SHP|DTY30[12]|SRC115)/;

const key = ({ file, line, column, endLine, endColumn }: Span): string =>
  `${file}:${line}:${column}-${endLine}:${endColumn}`;

/**
 * `typeErrors` gives for each error of TypeScript the innermost call around it. All diagnostics once, in the order of
 * the source.
 */
export function oneCause(
  diagnostics: Iterable<Diagnostic>,
  typeErrors: ReadonlyMap<Diagnostic, Span>,
): Diagnostic[] {
  const all = new Set(diagnostics);
  const byCall = new Map<string, Diagnostic[]>();
  for (const [error, call] of typeErrors) {
    for (const place of new Set([key(call), key(error.span)]))
      byCall.set(place, [...(byCall.get(place) ?? []), error]);
  }
  for (const diagnostic of [...all]) {
    if (typeErrors.has(diagnostic) || diagnostic.severity !== 'error') continue;
    const same = (byCall.get(key(diagnostic.span)) ?? []).filter((error) => all.has(error));
    if (same.length === 0) continue;
    if (exact.test(diagnostic.code)) for (const error of same) all.delete(error);
    else all.delete(diagnostic);
  }
  return [...all].sort(
    (a, b) => compare(a.span.file, b.span.file) || a.span.line - b.span.line || a.span.column - b.span.column,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
