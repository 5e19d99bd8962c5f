/** Rows of Arrow files, read while training, from any row. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { arrowFormat } from '../files/arrow-format.ts';
import { fileRows } from '../files/file-rows.ts';
import { pathOf } from '../files/path-of.ts';
import type { FilePosition } from '../files/placed-row.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface ArrowArgs {
  readonly files: readonly (URL | string)[];
  readonly rowOptions: RowOptions;
}

export const arrow = liveSource<ArrowArgs, ChunkedState<FilePosition<number>>>({
  name: 'arrow',
  check: rowOptionsProblem,
  open({ args: { files }, schema, ...context }) {
    const paths = files.map((file) => pathOf(file, 'arrow'));
    return chunkedCursor(
      fileRows(
        () => paths,
        () => arrowFormat(schema),
      ),
      context,
    );
  },
});
