/** Rows of a file of comma-separated values that is larger than memory: read while training, from any position. */
import type { CsvPosition } from '../files/csv-format.ts';
import { csvFormat } from '../files/csv-format.ts';
import { fileRows } from '../files/file-rows.ts';
import { pathOf } from '../files/path-of.ts';
import type { FilePosition } from '../files/placed-row.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';
import type { CsvArgs } from './csv.ts';

export const csvStream = liveSource<CsvArgs, ChunkedState<FilePosition<CsvPosition>>>({
  name: 'csv',
  check: rowOptionsProblem,
  open({ args: { file, format, rowOptions }, schema, ...context }) {
    const path = pathOf(file, 'csv');
    const { missing } = rowOptions;
    return chunkedCursor(
      fileRows(
        () => [path],
        () => csvFormat(schema, { ...format, missing }),
      ),
      context,
    );
  },
});
