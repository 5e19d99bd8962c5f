/** Rows of a file of comma-separated values that is larger than memory: read while training, from any position. */
import { csvFormat } from '../files/csv-format.ts';
import { fileRows } from '../files/file-rows.ts';
import { pathOf } from '../files/path-of.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';
import type { CsvArgs } from './csv.ts';

export const csvStream = liveSource<CsvArgs, unknown>({
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
