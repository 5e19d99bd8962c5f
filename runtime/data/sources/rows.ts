/** Rows that are plain objects in memory. */
import { tableSource } from '../stage.ts';
import { rowsTable } from '../table/rows-table.ts';

export const rows = tableSource<{ readonly rows: readonly object[] }>({
  name: 'rows',
  read: (args, schema, { slices }) => rowsTable(args.rows, schema, slices),
});
