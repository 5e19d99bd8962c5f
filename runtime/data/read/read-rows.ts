/** Reads the rows of a dataset without training on them. */
import type { Row, Schema } from '../../../dsl/column.ts';
import type { Dataset } from '../../../dsl/dataset.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { Ledger } from '../ledger.ts';
import { isPending } from '../live/cursor.ts';
import { cursorOf, openRows } from '../open-rows.ts';
import type { RowWriter } from '../table/rows-table.ts';
import { rowWriter } from '../table/rows-table.ts';
import { room, widthOf } from '../table/table.ts';
import { orderOf } from '../table/view.ts';
import type { ReadOptions } from './read-options.ts';
import { closing, contextOf } from './read-options.ts';

/**
 * The rows of one epoch, one by one: `for await (const row of iterate(data)) …`. They are checked against the schema as
 * training would check them. Leaving the loop closes the sources.
 */
export async function* iterate<S extends Schema>(
  dataset: Dataset<S>,
  options: ReadOptions = {},
): AsyncGenerator<Row<S>, void> {
  const { epoch = 0, signal } = options;
  const context = contextOf(options);
  signal?.throwIfAborted();
  const opened = await openRows(dataset.stage, { ...context, ledger: new Ledger() });
  const cursor = cursorOf(opened)(epoch);
  const end = closing(cursor, signal);
  const isRow = checking(dataset.schema);
  try {
    for (let place = 0; ; place++) {
      const next = cursor.next();
      const row = isPending(next) ? await next : next;
      signal?.throwIfAborted();
      if (row === endOfRows) return;
      if (isRow(row, place)) yield row;
      if (context.slices.due()) await context.slices.rest();
    }
  } finally {
    end();
  }
}

/** All rows of one epoch. Of data without an end, say how many: `toArray(data.take(100))`. */
export async function toArray<S extends Schema>(
  dataset: Dataset<S>,
  options: ReadOptions = {},
): Promise<Row<S>[]> {
  const rows: Row<S>[] = [];
  for await (const row of iterate(dataset, options)) rows.push(row);
  return rows;
}

/** The first row, or undefined where there is none. No other is read. */
export async function first<S extends Schema>(
  dataset: Dataset<S>,
  options: ReadOptions = {},
): Promise<Row<S> | undefined> {
  for await (const row of iterate(dataset, options)) return row;
  return undefined;
}

/** How many rows an epoch has: at once where they are in memory, else by reading them all. */
export async function count(dataset: Dataset, options: ReadOptions = {}): Promise<number> {
  const opened = await openRows(dataset.stage, { ...contextOf(options), ledger: new Ledger() });
  if (opened.kind === 'table') return orderOf(opened.view, options.epoch ?? 0).length;
  let rows = 0;
  for await (const _ of iterate(dataset, options)) rows++;
  return rows;
}

/** Refuses rows that are not what the schema says: they are written where nobody reads. */
function checking<S extends Schema>(schema: S): (row: unknown, place: number) => row is Row<S> {
  const write: RowWriter = rowWriter(schema, (row) => `row ${row} of the dataset`);
  const columns = new Map(
    Object.entries(schema).map(([name, column]) => [name, room(column, widthOf(column))]),
  );
  return (row, place): row is Row<S> => {
    write(row, columns, 0, place);
    return true;
  };
}
