/** Rows of files of JSON lines, read while training, from any position. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { fileRows } from '../files/file-rows.ts';
import type { LinePosition } from '../files/json-lines-format.ts';
import { jsonLinesFormat } from '../files/json-lines-format.ts';
import { pathOf } from '../files/path-of.ts';
import type { FilePosition } from '../files/placed-row.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface JsonLinesArgs {
  readonly files: readonly (URL | string)[];
  readonly member: string | undefined;
  readonly rowOptions: RowOptions;
}

export const jsonLines = liveSource<JsonLinesArgs, ChunkedState<FilePosition<LinePosition>>>({
  name: 'jsonLines',
  check: rowOptionsProblem,
  open({ args: { files, member }, ...context }) {
    const paths = files.map((file) => pathOf(file, 'jsonLines'));
    return chunkedCursor(
      fileRows(
        () => paths,
        () => jsonLinesFormat(member),
      ),
      context,
    );
  },
});
