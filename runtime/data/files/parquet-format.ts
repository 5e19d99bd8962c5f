/** Parquet, a group of rows at a time, from any row. */
import type { Schema } from '../../../dsl/column.ts';
import { peer } from '../peer.ts';
import { plainRows } from './foreign-rows.ts';
import type { RowFormat } from './placed-row.ts';
import { PlacedRow } from './placed-row.ts';
import { checkNames, unreadable } from './unreadable.ts';

interface Metadata {
  readonly row_groups: readonly { readonly num_rows: bigint }[];
}

interface Hyparquet {
  asyncBufferFromFile(path: string): Promise<object>;
  parquetMetadataAsync(file: object): Promise<Metadata>;
  parquetSchema(metadata: Metadata): {
    readonly children: readonly { readonly element: { readonly name: string } }[];
  };
  parquetReadObjects(settings: object): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Positions are numbers of rows. Snappy is unpacked by hyparquet itself, other packings with hyparquet-compressors, where it is installed. */
export function parquetFormat(schema: Schema): RowFormat<number> {
  return async function* (path, at = 0) {
    const reader = await peer<Hyparquet>('hyparquet', 'parquet');
    const compressors = await peer<{ readonly compressors?: object }>(
      'hyparquet-compressors',
      'parquet',
    ).then(
      (found) => found.compressors,
      () => undefined,
    );
    const { file, metadata } = await unreadable(path, async () => {
      const file = await reader.asyncBufferFromFile(path);
      return { file, metadata: await reader.parquetMetadataAsync(file) };
    });
    const names = reader.parquetSchema(metadata).children.map(({ element }) => element.name);
    checkNames(path, schema, names);
    const plain = plainRows(schema);
    let start = 0;
    for (const { num_rows } of metadata.row_groups) {
      const end = start + Number(num_rows);
      if (end > at) {
        const rowStart = Math.max(start, at);
        const rows = await unreadable(path, () =>
          reader.parquetReadObjects({
            file,
            metadata,
            columns: Object.keys(schema),
            rowStart,
            rowEnd: end,
            compressors,
          }),
        );
        yield rows.map((row, index) => {
          const number = rowStart + index + 1;
          return new PlacedRow(plain(row), path, number, number);
        });
      }
      start = end;
    }
  };
}
