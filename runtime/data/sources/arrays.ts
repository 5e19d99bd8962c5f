/** Rows that lie in memory column by column. */
import { tableSource } from '../stage.ts';
import type { Arrays } from '../table/arrays-table.ts';
import { arraysTable } from '../table/arrays-table.ts';

export const arrays = tableSource<{ readonly columns: Arrays }>({
  name: 'arrays',
  read: (args, schema, { slices }) => arraysTable(args.columns, schema, slices),
});
