/** The format of a file by its ending. */
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { topOf } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { arrowFormat } from './arrow-format.ts';
import { unpackedName } from './bytes.ts';
import { csvFormat } from './csv-format.ts';
import { jsonLinesFormat } from './json-lines-format.ts';
import { parquetFormat } from './parquet-format.ts';
import type { RowFormat } from './placed-row.ts';

export interface FormatSettings extends Pick<RowOptions, 'missing'> {
  readonly schema: Schema;
  /** Where the ending does not say it. */
  readonly format: string | undefined;
  readonly member: string | undefined;
  readonly csv: CsvFormat;
}

/** Each takes positions of its own only. */
type MakeFormat = (settings: FormatSettings) => (path: string, at: never) => ReturnType<RowFormat<unknown>>;

const byName: Readonly<Record<string, MakeFormat>> = {
  jsonl: ({ member }) => jsonLinesFormat(member),
  csv: ({ schema, csv, missing }) => csvFormat(schema, { ...csv, missing }),
  parquet: ({ schema }) => parquetFormat(schema),
  arrow: ({ schema }) => arrowFormat(schema),
};

const endings: Readonly<Record<string, string>> = { ndjson: 'jsonl', tsv: 'csv', feather: 'arrow' };

export const formats: readonly string[] = Object.keys(byName);

/** A file in tabs is one of values separated by them. */
export function formatOf(path: string, settings: FormatSettings): RowFormat<unknown> {
  const ending = unpackedName(path).split('.').at(-1)?.toLowerCase() ?? '';
  const make = byName[settings.format ?? endings[ending] ?? ending];
  if (!make) {
    refuse(
      DAT701({
        message: 'the ending of the file does not say what it holds',
        span: topOf(path),
        expected: formats.map((each) => `.${each}`).join(', '),
        received: path,
        hint: "directory(path, schema, { format: 'jsonl' })",
      }),
    );
  }
  const csv = ending === 'tsv' ? { delimiter: '\t', ...settings.csv } : settings.csv;
  // Positions are those that the same format gave for the same file.
  return make({ ...settings, csv }) as RowFormat<unknown>;
}
