/** What a server answers instead of answers: a code, a message, and for a row that does not fit its diagnostic. */
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN810, RUN811, RUN812, RUN814 } from '../../compiler/diagnostics/run.ts';

/** Codes of the server's own, with their HTTP status. Those of diagnostics are told as they are. */
export const statuses = {
  notJson: 400,
  notRows: 400,
  notFound: 404,
  methodNotAllowed: 405,
  tooLarge: 413,
  tooManyRows: 413,
  encoded: 415,
  internal: 500,
  overloaded: 503,
} as const;

export interface Problem {
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Which row of the request does not fit, from 0. */
    readonly row?: number;
    readonly expected?: string;
    readonly received?: string;
    readonly hint?: string;
  };
}

export function problem(code: keyof typeof statuses, message: string, expected?: string): Problem {
  return { status: statuses[code], error: { code, message, ...(expected !== undefined && { expected }) } };
}

const statusByCode: Readonly<Record<string, number>> = {
  [RUN810.code]: 503,
  [RUN811.code]: 503,
  [RUN812.code]: 404,
  [RUN814.code]: 503,
};

/** A diagnostic as its fields, without places in files of the server; all else is a fault of ours, and no details leave. */
export function diagnosticProblem(thrown: unknown, row?: number): Problem {
  const [first] = thrown instanceof DiagnosticError ? thrown.diagnostics : [];
  if (!first) return problem('internal', 'the server failed; its log says more');
  const { code, message, expected, received, hint } = first;
  return {
    status: statusByCode[code] ?? (row === undefined ? 500 : 400),
    error: {
      code,
      message,
      ...(row !== undefined && { row }),
      ...(expected !== undefined && { expected }),
      ...(received !== undefined && { received }),
      ...(hint !== undefined && { hint }),
    },
  };
}
