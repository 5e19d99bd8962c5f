/** Several tables as one: one after the other, or side by side. */
import type { Schema } from '../../../dsl/column.ts';
import type { Table } from './table.ts';
import { room, textOf, widthOf } from './table.ts';

/** The rows of each table after those of the ones before it. The numbers are copied; rows made on demand are so when asked for. */
export function stacked(
  schema: Schema,
  tables: readonly Table[],
): { table: Table; firsts: readonly number[] } {
  const firsts: number[] = [];
  let rows = 0;
  for (const table of tables) {
    firsts.push(rows);
    rows += table.rows;
  }
  const columns = new Map(
    Object.entries(schema).map(([name, column]) => {
      const width = widthOf(column);
      const all = room(column, rows * width);
      for (const [at, table] of tables.entries()) all.set(valuesOf(table, name), (firsts[at] ?? 0) * width);
      return [name, all];
    }),
  );
  const partOf = (row: number): { table: Table; own: number } => {
    const at = firsts.findLastIndex((first) => first <= row);
    const table = tables[at];
    if (!table) throw new Error(`internal: row ${row} is in no table`);
    return { table, own: row - (firsts[at] ?? 0) };
  };
  const isMade = tables.some(({ ensure }) => ensure);
  const isGiven = tables.every(({ given }) => given);
  const table: Table = {
    schema,
    rows,
    columns,
    textAt(name, row) {
      const { table, own } = partOf(row);
      return textOf(table, name, own);
    },
    ...(isMade && {
      ensure(row, place) {
        const { table, own } = partOf(row);
        if (!table.ensure) return;
        table.ensure(own, place);
        for (const [name, column] of Object.entries(schema)) {
          const width = widthOf(column);
          const values = valuesOf(table, name).subarray(own * width, (own + 1) * width);
          columns.get(name)?.set(values, row * width);
        }
      },
    }),
    ...(isGiven && {
      given(row) {
        const { table, own } = partOf(row);
        return table.given?.(own) ?? {};
      },
    }),
  };
  return { table, firsts };
}

/** The columns of each table beside those of the others, as far as the shortest goes. */
export function beside(schema: Schema, tables: readonly Table[]): Table {
  const isMade = tables.some(({ ensure }) => ensure);
  const isGiven = tables.every(({ given }) => given);
  return {
    schema,
    rows: Math.min(...tables.map(({ rows }) => rows)),
    columns: new Map(tables.flatMap(({ columns }) => [...columns])),
    textAt(name, row) {
      const table = tables.find(({ columns }) => columns.has(name));
      return table && textOf(table, name, row);
    },
    ...(isMade && {
      ensure(row, place) {
        for (const table of tables) table.ensure?.(row, place);
      },
    }),
    ...(isGiven && { given: (row) => Object.assign({}, ...tables.map(({ given }) => given?.(row))) }),
  };
}

function valuesOf(table: Table, name: string) {
  const values = table.columns.get(name);
  if (!values) throw new Error(`internal: the table has no column ${name}`);
  return values;
}
