/** Reads plain objects in memory into a table. */

import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { EventLoopSlices } from '../../run/event-loop-slices.ts';
import { valueText } from '../value-text.ts';
import type { RowText, ValueWriter } from '../write-value.ts';
import { refuseUnreadable, valueWriter } from '../write-value.ts';
import type { Table } from './table.ts';
import { room, widthOf } from './table.ts';

export async function rowsTable(
  rows: readonly object[],
  schema: Schema,
  slices: EventLoopSlices,
): Promise<Table> {
  const columns = new Map(
    Object.entries(schema).map(([name, column]) => [name, room(column, rows.length * widthOf(column))]),
  );
  const write = rowWriter(schema, (row) => `row ${row}`);
  for (let row = 0; row < rows.length; row++) {
    write(rows[row], columns, row, row);
    if (slices.due()) await slices.rest();
  }
  return { schema, rows: rows.length, columns, given: (row) => rows[row]! };
}

/** Writes a plain object as row `at` of the columns it is given; `row` is its number in messages. */
export type RowWriter = (
  row: unknown,
  columns: { get(name: string): Numbers | undefined },
  at: number,
  number: number,
) => void;

/** The writer of rows of a schema; columns that have no array are not looked at. */
export function rowWriter(schema: Schema, rowText: RowText): RowWriter {
  const fields: readonly { name: string; width: number; write: ValueWriter }[] = Object.entries(schema).map(
    ([name, column]) => ({ name, width: widthOf(column), write: valueWriter(name, column, rowText) }),
  );
  return (row, columns, at, number) => {
    if (typeof row !== 'object' || row === null) {
      refuse(
        DAT705({
          message: `${rowText(number)} is not an object`,
          span: nowhere,
          expected: `{ ${Object.keys(schema).join(', ')} }`,
          received: valueText(row),
        }),
      );
    }
    const values = row as Readonly<Record<string, unknown>>;
    let reading = '';
    try {
      if (Array.isArray(row)) refuseList(row, rowText(number));
      for (const { name, width, write } of fields) {
        const target = columns.get(name);
        reading = name;
        if (target) write(values[name], target, at * width, number);
      }
    } catch (error) {
      refuseUnreadable(error, reading === '' ? rowText(number) : `${rowText(number)}, column ${reading}`);
    }
  };
}

function refuseList(row: readonly unknown[], place: string): never {
  return refuse(
    DAT705({
      message: `${place} is a list, not an object`,
      span: nowhere,
      expected: 'an object with a property for each column',
      received: valueText(row),
      ...(row.length === 1 && {
        hint: "events.on(emitter, 'row') gives the arguments of each event as a list: map(([row]) => row)",
      }),
    }),
  );
}
