/** A row that its source could not make out, with what it is refused with. */
import type { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { BadRow } from '../../../dsl/row-options.ts';

export class RefusedRow extends BadRow {
  readonly error: DiagnosticError;

  constructor(row: unknown, error: DiagnosticError) {
    super(row, error.message);
    this.error = error;
  }
}
