/** Rows of a file of comma-separated values, read into memory piece by piece. */
import type { Schema } from '../../../dsl/column.ts';
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { CsvDecoder } from '../csv/csv-decoder.ts';
import { CsvScanner } from '../csv/csv-scanner.ts';
import { bytesOf } from '../files/bytes.ts';
import { csvFormat } from '../files/csv-format.ts';
import { delimiterOf } from '../files/delimiter.ts';
import { pathOf } from '../files/path-of.ts';
import { badRowPolicy, fails, rowOptionsProblem } from '../intake/bad-rows.ts';
import { checkedTable } from '../intake/checked-table.ts';
import type { DataContext } from '../rows.ts';
import { tableSource } from '../stage.ts';
import { GrowingColumns } from '../table/growing-columns.ts';
import type { Table } from '../table/table.ts';

export interface CsvArgs {
  readonly file: URL | string;
  readonly format: CsvFormat;
  readonly rowOptions: RowOptions;
}

export const csv = tableSource<CsvArgs>({
  name: 'csv',
  check: rowOptionsProblem,
  read: (args, schema, context) =>
    args.rowOptions.validate === undefined
      ? csvTable(args, schema, context)
      : validatedTable(args, schema, context),
});

async function csvTable(
  { file, format, rowOptions }: CsvArgs,
  schema: Schema,
  { slices, signal, onRejected }: DataContext,
): Promise<Table> {
  const path = pathOf(file, 'csv');
  const growing = new GrowingColumns(schema);
  const onBad = badRowPolicy(rowOptions, (reason, rows) => onRejected({ reason, rows, stage: 'csv' }), true);
  const settings = { ...format, missing: rowOptions.missing };
  const decoder = new CsvDecoder(path, schema, settings, fails(rowOptions) ? undefined : onBad);
  const scanner = new CsvScanner(path, delimiterOf(format), (record) => {
    if (decoder.row(record, growing.columns, growing.rows)) growing.keepRow();
  });
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const piece of bytesOf(path, 0, signal)) {
    scanner.write(text.decode(piece, { stream: true }));
    if (slices.due()) await slices.rest();
  }
  scanner.write(text.decode());
  scanner.end();
  decoder.finish();
  return { ...growing.table(), textAt: decoder.textAt };
}

/** A validator sees rows as objects. */
async function validatedTable(
  { file, format, rowOptions }: CsvArgs,
  schema: Schema,
  context: DataContext,
): Promise<Table> {
  const path = pathOf(file, 'csv');
  const chunks = csvFormat(schema, { ...format, missing: rowOptions.missing })(path, undefined);
  return checkedTable(chunks, schema, rowOptions, 'csv', context);
}
