/** Reads rows into a table, each checked as those of live sources are. */
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { isPending } from '../live/cursor.ts';
import type { DataContext } from '../rows.ts';
import { GrowingColumns } from '../table/growing-columns.ts';
import { rowWriter } from '../table/rows-table.ts';
import type { Table } from '../table/table.ts';
import { badRowPolicy, originalOf } from './bad-rows.ts';
import { RowCheck } from './row-check.ts';

interface Placed {
  readonly row: unknown;
  readonly place: string;
}

/** Takes rows in chunks, as files give them. `given` keeps the objects, so that host code sees what it gave. */
export async function checkedTable(
  chunks: AsyncIterable<Iterable<Placed>> | Iterable<Iterable<Placed>>,
  schema: Schema,
  options: RowOptions,
  stage: string,
  { slices, signal, onRejected }: DataContext,
): Promise<Table> {
  const check = new RowCheck(schema, options);
  const policy = badRowPolicy(options, (reason, rows) => onRejected({ reason, rows, stage }), true);
  const growing = new GrowingColumns(schema);
  const write = rowWriter(schema, (row) => `row ${row}`);
  const kept: object[] = [];
  for await (const chunk of chunks) {
    for (const { row, place } of chunk) {
      const answer = check.of(row, place);
      const good = isPending(answer) ? await answer : answer;
      if (good instanceof DiagnosticError) policy({ place, row: originalOf(row), error: good });
      else {
        write(good, growing.columns, growing.rows, growing.rows);
        kept.push(good as object);
        growing.keepRow();
      }
      if (slices.due()) await slices.rest();
    }
    signal?.throwIfAborted();
  }
  const rows = growing.rows;
  return { ...growing.table(), rows, given: (row) => kept[row] ?? {} };
}
