/** Whether a row is what its source's schema and validator ask, and the row as it goes on. */
import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { BadRow } from '../../../dsl/row-options.ts';
import { isPending } from '../live/cursor.ts';
import type { RowWriter } from '../table/rows-table.ts';
import { rowWriter } from '../table/rows-table.ts';
import { room, widthOf } from '../table/table.ts';
import { valueText } from '../value-text.ts';
import { refusedBecause } from './bad-rows.ts';
import { filler } from './missing.ts';
import { RefusedRow } from './refused-row.ts';
import { validated } from './validated.ts';

/** First the validator, then what is missing, then the columns. */
export class RowCheck {
  private readonly options: RowOptions;
  private readonly fill: ((row: unknown) => unknown) | undefined;
  private readonly write: RowWriter;
  private readonly scratch: ReadonlyMap<string, Float32Array | Int32Array>;
  private place = '';

  constructor(schema: Schema, options: RowOptions) {
    this.options = options;
    this.fill = filler(schema, options.missing);
    this.write = rowWriter(schema, () => this.place);
    this.scratch = new Map(
      Object.entries(schema).map(([name, column]) => [name, room(column, widthOf(column))]),
    );
  }

  /** The row as it goes on, or why it does not; a promise of that where the validator gives one. */
  of(row: unknown, place: string): unknown | DiagnosticError | Promise<unknown> {
    if (row instanceof RefusedRow) return row.error;
    if (row instanceof BadRow) return unreadable(row, place);
    try {
      const { validate } = this.options;
      const valid = validate === undefined ? row : validated(validate, row, place);
      if (!isPending(valid)) return this.written(valid, place);
      return valid.then(
        (later) => this.written(later, place),
        (error: unknown) => refusedBecause(place, error),
      );
    } catch (error) {
      return refusedBecause(place, error);
    }
  }

  private written(given: unknown, place: string): unknown {
    this.place = place;
    try {
      const row = this.fill ? this.fill(given) : given;
      this.write(row, this.scratch, 0, 0);
      return row;
    } catch (error) {
      return refusedBecause(place, error);
    }
  }
}

function unreadable({ row, reason }: BadRow, place: string): DiagnosticError {
  return new DiagnosticError([
    DAT705({
      message: `${place}: ${reason}`,
      span: nowhere,
      expected: 'a row',
      received: valueText(row),
    }),
  ]);
}
