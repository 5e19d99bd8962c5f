/** A table computed from another by host code, row by row and only when a row is asked for. */
import { kindOfError, refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT714 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError, refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { RowContext } from '../../../dsl/dataset.ts';
import { RowDraws } from '../row-draws.ts';
import { rowReader } from './row-of.ts';
import { rowWriter } from './rows-table.ts';
import type { Place, Table } from './table.ts';
import { room, widthOf } from './table.ts';

/** Each row is computed whenever it is asked for: what was computed in another epoch is not kept. */
export function mappedTable(
  parent: Table,
  schema: Schema,
  map: (row: never, context: RowContext) => unknown,
  key: readonly number[],
): Table {
  const columns = new Map(
    Object.entries(schema).map(([name, column]) => [name, room(column, parent.rows * widthOf(column))]),
  );
  const read = rowReader(parent);
  const write = rowWriter(schema, (row) => `row ${row} after map`);
  const texts = new Map<string, unknown[]>();
  for (const [name, { kind }] of Object.entries(schema)) if (kind === 'text') texts.set(name, []);
  let draws = new RowDraws(key, 0);
  let epoch = 0;
  const ensure = (row: number, place: Place): void => {
    if (place.epoch !== epoch) {
      epoch = place.epoch;
      draws = new RowDraws(key, epoch);
    }
    const context = draws.at(place.index);
    const result = calledNow('map', row, (given: never) => map(given, context), read(row, place));
    write(result, columns, row, row);
    for (const [name, all] of texts) all[row] = Reflect.get(Object(result), name);
  };
  return { schema, rows: parent.rows, columns, ensure, textAt: (name, row) => texts.get(name)?.[row] };
}

/** The same table, each row of which is computed once and kept. */
export function keptTable(table: Table): Table {
  const { ensure } = table;
  if (!ensure) return table;
  const done = new Uint8Array(table.rows);
  return {
    ...table,
    ensure(row) {
      if (done[row] === 1) return;
      ensure(row, { epoch: 0, index: row });
      done[row] = 1;
    },
  };
}

/** Calls a user's function on a row; what it throws is refused with the row's number. */
export function called<T>(stage: string, row: number, call: (row: never) => T, value: unknown): T {
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

/** The same of a function that is to give its result at once. */
export function calledNow<T>(stage: string, row: number, call: (row: never) => T, value: unknown): T {
  const result = called(stage, row, call, value);
  if (!(result instanceof Promise)) return result;
  // Nobody waits for it, so nobody hears it fail.
  result.catch(() => {});
  return refuse(
    DAT714({
      message: `${stage} gave a promise, and nothing said that it would`,
      span: nowhere,
      expected: 'a row',
      received: 'a promise of a row',
      hint: 'write the function as async, or say how many calls may be under way: map(schema, load, { concurrency: 8 })',
    }),
  );
}
