/** A diagnostic: what is wrong, where, what was expected and received, and what to do. */
import type { Span } from '../ir/span.ts';
import { spanText } from '../ir/span.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A place with a remark: the second fact where two facts clash. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

export interface Diagnostic {
  /** A family and a number, such as `SHP201`; `millrace explain SHP201` shows its page. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  readonly span: Span;
  /** The remark under the primary span. */
  readonly label?: string;
  readonly labels: readonly Label[];
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
}

/** What the author of a refusal fills in; the code and severity come from its definition. */
export type Details = Omit<Diagnostic, 'code' | 'severity' | 'labels'> & {
  readonly labels?: readonly Label[];
};

/** The definition of a code. Calling it makes a diagnostic. */
export interface DiagnosticCode {
  (details: Details): Diagnostic;
  readonly code: string;
  /** What the code means in general: the title of its page. */
  readonly title: string;
}

/** Defines a code; the constant that holds it has the same name. */
export function defineDiagnostic(code: string, title: string, severity: Severity = 'error'): DiagnosticCode {
  const make = (details: Details): Diagnostic => ({ code, severity, labels: [], ...details });
  return Object.assign(make, { code, title });
}

/** A diagnostic as the message of an error: what is wrong, where, what was expected and received, and what to do. */
function summary({ code, message, span, expected, received, hint }: Diagnostic): string {
  const facts = { at: spanText(span), expected, received, hint };
  return [
    `${code}: ${message}`,
    ...Object.entries(facts).flatMap(([name, fact]) => (fact ? [`    ${name.padEnd(9)}${fact}`] : [])),
  ].join('\n');
}

/** How a diagnostic travels where a value cannot: thrown to the caller of an API. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(summary).join('\n'));
    this.name = 'DiagnosticError';
    this.diagnostics = diagnostics;
  }
}

/** Throws one diagnostic. */
export function refuse(diagnostic: Diagnostic): never {
  throw new DiagnosticError([diagnostic]);
}
