/** Rows of Parquet files, read while training, from any row. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { fileRows } from '../files/file-rows.ts';
import { parquetFormat } from '../files/parquet-format.ts';
import { pathOf } from '../files/path-of.ts';
import type { FilePosition } from '../files/placed-row.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface ParquetArgs {
  readonly files: readonly (URL | string)[];
  readonly rowOptions: RowOptions;
}

export const parquet = liveSource<ParquetArgs, ChunkedState<FilePosition<number>>>({
  name: 'parquet',
  check: rowOptionsProblem,
  open({ args: { files }, schema, ...context }) {
    const paths = files.map((file) => pathOf(file, 'parquet'));
    return chunkedCursor(
      fileRows(
        () => paths,
        () => parquetFormat(schema),
      ),
      context,
    );
  },
});
