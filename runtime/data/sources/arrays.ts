/** Rows that lie in memory column by column. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { isPlain, rowOptionsProblem } from '../intake/bad-rows.ts';
import { checkedTable } from '../intake/checked-table.ts';
import { tableSource } from '../stage.ts';
import type { Arrays } from '../table/arrays-table.ts';
import { arrayRows, arraysTable } from '../table/arrays-table.ts';

export const arrays = tableSource<{ readonly columns: Arrays; readonly rowOptions: RowOptions }>({
  name: 'arrays',
  check: rowOptionsProblem,
  read: ({ columns, rowOptions }, schema, context) =>
    isPlain(rowOptions)
      ? arraysTable(columns, schema, context.slices)
      : checkedTable([arrayRows(columns, schema)], schema, rowOptions, 'arrays', context),
});
