/** A table computed from another by host code, row by row and only when a row is asked for. */

import { kindOfError, refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { DAT714 } from '../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Schema } from '../../dsl/column.ts';
import { rowReader } from './row-of.ts';
import { rowWriter } from './rows-table.ts';
import type { Table } from './table.ts';
import { room, widthOf } from './table.ts';

/** Each row is computed once and kept, so `map` must be pure. */
export function mappedTable(parent: Table, schema: Schema, map: (row: never) => object): Table {
  const columns = new Map(
    Object.entries(schema).map(([name, column]) => [name, room(column, parent.rows * widthOf(column))]),
  );
  const read = rowReader(parent);
  const write = rowWriter(schema, (row) => `row ${row} after map`);
  const done = new Uint8Array(parent.rows);
  const ensure = (row: number): void => {
    if (done[row] === 1) return;
    write(called('map', row, map, read(row)), columns, row, row);
    done[row] = 1;
  };
  return { schema, rows: parent.rows, columns, ensure };
}

/** Calls a user's function on a row; what it throws is refused with the row's number. */
export function called<T>(stage: 'map' | 'filter', row: number, call: (row: never) => T, value: object): T {
  try {
    // The schema says that the row is what the function takes; the type was checked where it was written.
    return call(value as never);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return refuseBecause(
      DAT714({
        message: `${stage} failed on row ${row}: ${saying(error)}`,
        span: nowhere,
        expected: 'a function that takes every row',
        received: kindOfError(error),
      }),
      error,
    );
  }
}
