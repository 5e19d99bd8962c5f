/** Rows of the files of a directory, in the order of their names, each in the format that its ending says. */
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { fileRows } from '../files/file-rows.ts';
import { filesIn } from '../files/files-in.ts';
import { formatOf, formats } from '../files/format-of.ts';
import { pathOf } from '../files/path-of.ts';
import type { FilePosition } from '../files/placed-row.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface DirectoryArgs {
  readonly path: URL | string;
  readonly pattern: string;
  readonly format: string | undefined;
  readonly member: string | undefined;
  readonly csv: CsvFormat;
  readonly rowOptions: RowOptions;
}

export const directory = liveSource<DirectoryArgs, ChunkedState<FilePosition>>({
  name: 'directory',
  check(args) {
    if (typeof args.pattern !== 'string') return "a pattern such as '*.jsonl'";
    if (args.format !== undefined && !formats.includes(args.format)) {
      return `a format: ${formats.join(', ')}`;
    }
    return rowOptionsProblem(args);
  },
  open({ args: { path, pattern, ...args }, schema, ...context }) {
    const folder = pathOf(path, 'directory');
    const settings = { ...args, missing: args.rowOptions.missing, schema };
    return chunkedCursor(
      fileRows(
        () => filesIn(folder, pattern),
        (file) => formatOf(file, settings),
        true,
      ),
      context,
    );
  },
});
