/** A diagnostic: what is wrong, where, what was expected and received, and what to do. */
import type { Span } from '../ir/span.ts';
import { spanText } from '../ir/span.ts';
import { picture } from './picture.ts';

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

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first; remarks say nothing about why something failed. */
function worstFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  const telling = failed ? diagnostics.filter(({ severity }) => severity !== 'info') : [...diagnostics];
  return telling.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

/** What `console.log` asks for the text of an object. */
const inspected: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/**
 * How diagnostics travel where a value cannot: thrown to the caller of an API. The first one is what failed. Its `stack`,
 * which Node prints when nobody catches it, shows the lines of the user's files with the places marked.
 */
export class DiagnosticError extends Error {
  declare readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const sorted = worstFirst(diagnostics);
    super(sorted.map(summary).join('\n'));
    const trace: { readonly stack?: string } = {};
    Error.captureStackTrace(trace, DiagnosticError);
    const hidden = { enumerable: false, configurable: true } as const;
    Object.defineProperties(this, {
      // Node prints all fields that it can enumerate; the picture says more in less.
      name: { ...hidden, value: 'DiagnosticError', writable: true },
      diagnostics: { ...hidden, value: sorted },
      // Files are read when somebody looks.
      stack: { ...hidden, get: () => `DiagnosticError:\n${picture(sorted, trace.stack ?? '')}` },
      [inspected]: { ...hidden, value: inspect },
    });
  }
}

/** As `stack`, in the colours of the terminal that it is printed on. */
function inspect(
  this: DiagnosticError,
  _depth: number,
  { colors }: { readonly colors?: boolean },
  inspectValue: (value: unknown) => string,
): string {
  const text = colors ? `DiagnosticError:\n${picture(this.diagnostics, this.stack ?? '', true)}` : this.stack;
  return this.cause === undefined ? `${text}` : `${text}\n[cause]: ${inspectValue(this.cause)}`;
}

/** Throws one diagnostic. */
export function refuse(diagnostic: Diagnostic): never {
  throw new DiagnosticError([diagnostic]);
}
