/** Rows of a file of comma-separated values, read into memory piece by piece. */
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701, DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere, topOf } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { CsvOptions } from '../../../dsl/dataset.ts';
import type { Numbers } from '../../engines/engine.ts';
import { CsvDecoder } from '../csv-decoder.ts';
import { CsvScanner } from '../csv-scanner.ts';
import type { DataContext } from '../rows.ts';
import { tableSource } from '../stage.ts';
import type { Table } from '../table/table.ts';
import { room, widthOf } from '../table/table.ts';

export const csv = tableSource<{ readonly file: URL | string; readonly options: CsvOptions }>({
  name: 'csv',
  read: ({ file, options }, schema, context) => csvTable(file, schema, options, context),
});

async function csvTable(
  file: URL | string,
  schema: Schema,
  options: CsvOptions,
  { slices, signal }: DataContext,
): Promise<Table> {
  const path = pathOf(file);
  const growing = new GrowingColumns(schema);
  const decoder = new CsvDecoder(path, schema, options);
  const scanner = new CsvScanner(path, delimiterOf(options), (record) => {
    if (decoder.row(record, growing.columns, growing.rows)) growing.keepRow();
  });
  for await (const text of pieces(path, signal)) {
    scanner.write(text);
    if (slices.due()) await slices.rest();
  }
  scanner.end();
  decoder.finish();
  return growing.table();
}

/** The delimiter, which must be one character that means nothing else. */
export function delimiterOf({ delimiter = ',' }: CsvOptions): string {
  if (delimiter.length === 1 && !'"\r\n'.includes(delimiter)) return delimiter;
  return refuse(
    DAT715({
      message: 'the delimiter of csv must be one character',
      span: nowhere,
      expected: "one character such as ',' or ';'",
      received: JSON.stringify(delimiter),
    }),
  );
}

function pathOf(file: URL | string): string {
  if (typeof file === 'string' && !file.startsWith('file:')) return file;
  const url = new URL(file);
  if (url.protocol === 'file:') return fileURLToPath(url);
  return refuse(
    DAT701({
      message: `csv reads files, not ${url.protocol} addresses`,
      span: nowhere,
      expected: 'a path, or new URL(path, import.meta.url)',
      received: url.href,
    }),
  );
}

/** The text of a file in pieces small enough to be scanned between two heartbeats of the event loop. */
async function* pieces(path: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  try {
    for await (const text of createReadStream(path, {
      encoding: 'utf8',
      highWaterMark: 1 << 16,
      ...(signal && { signal }),
    })) {
      yield text as string;
    }
  } catch (error) {
    signal?.throwIfAborted();
    refuseBecause(
      DAT701({
        message: `the file cannot be read: ${saying(error)}`,
        span: topOf(path),
        expected: 'a file that can be read',
        received: path,
      }),
      error,
    );
  }
}

/** Columns of a number of rows not known in advance: their arrays double. */
class GrowingColumns {
  readonly columns = new Map<string, Numbers>();
  rows = 0;
  private readonly schema: Schema;
  private capacity = 1024;

  constructor(schema: Schema) {
    this.schema = schema;
    this.resize(this.capacity);
  }

  /** What was written as row `rows` stays; there is room for the next one. */
  keepRow(): void {
    this.rows++;
    if (this.rows === this.capacity) this.resize(this.capacity * 2);
  }

  table(): Table {
    this.resize(this.rows);
    return { schema: this.schema, rows: this.rows, columns: this.columns };
  }

  private resize(capacity: number): void {
    this.capacity = capacity;
    for (const [name, column] of Object.entries(this.schema)) {
      const before = this.columns.get(name);
      const length = capacity * widthOf(column);
      const after = room(column, length);
      if (before) after.set(before.length > length ? before.subarray(0, length) : before);
      this.columns.set(name, after);
    }
  }
}
