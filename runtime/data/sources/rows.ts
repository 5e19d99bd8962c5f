/** Rows that are plain objects in memory. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { isPlain, rowOptionsProblem } from '../intake/bad-rows.ts';
import { checkedTable } from '../intake/checked-table.ts';
import { tableSource } from '../stage.ts';
import { rowsTable } from '../table/rows-table.ts';

export const rows = tableSource<{ readonly rows: readonly object[]; readonly rowOptions: RowOptions }>({
  name: 'rows',
  check: rowOptionsProblem,
  read: ({ rows, rowOptions }, schema, context) =>
    isPlain(rowOptions)
      ? rowsTable(rows, schema, context.slices)
      : checkedTable([placed(rows)], schema, rowOptions, 'rows', context),
});

function* placed(rows: readonly object[]): Generator<{ readonly row: object; readonly place: string }> {
  for (const [number, row] of rows.entries()) yield { row, place: `row ${number}` };
}
