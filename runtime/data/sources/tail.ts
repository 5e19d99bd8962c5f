/** Rows of a file that grows, such as a log: without end, through rotations. */
import type { CsvFormat } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { CsvRows } from '../files/csv-format.ts';
import { jsonRows } from '../files/json-lines-format.ts';
import { LineCutter } from '../files/line-cutter.ts';
import { pathOf } from '../files/path-of.ts';
import type { OpenTail } from '../files/tail-rows.ts';
import { tailRows } from '../files/tail-rows.ts';
import type { TailPosition } from '../files/tailed-files.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface TailArgs {
  readonly file: URL | string;
  readonly format: 'jsonl' | 'csv';
  readonly csv: CsvFormat;
  readonly poll: number;
  readonly rowOptions: RowOptions;
}

export const tail = liveSource<TailArgs, ChunkedState<TailPosition>>({
  name: 'tail',
  check(args) {
    if (args.format !== 'jsonl' && args.format !== 'csv') return "a format: 'jsonl' or 'csv'";
    if (!(Number.isFinite(args.poll) && args.poll > 0)) return 'a number of milliseconds as poll';
    return rowOptionsProblem(args);
  },
  open({ args: { file, format, csv, poll, rowOptions }, schema, ...context }) {
    const path = pathOf(file, 'tail');
    context.holds(() => 0, true);
    const openCsv: OpenTail = (_, at, beginning) => {
      const rows = new CsvRows(path, schema, { ...csv, missing: rowOptions.missing }, at);
      if (at.offset > 0 && (csv.header ?? true)) rows.header(beginning().toString('utf8'));
      const cutter = new LineCutter(at.offset, at.line);
      return {
        cut: (piece) => rows.of(cutter.cut(piece)),
        *end() {
          const last = cutter.last();
          if (last) yield* rows.of([last]);
          yield* rows.last();
        },
      };
    };
    const openJson: OpenTail = (_, at) => {
      const cutter = new LineCutter(at.offset, at.line);
      return {
        cut: (piece) => jsonRows(cutter.cut(piece), path, undefined),
        end() {
          const last = cutter.last();
          return last ? jsonRows([last], path, undefined) : [];
        },
      };
    };
    return chunkedCursor(tailRows(path, format === 'csv' ? openCsv : openJson, poll), context);
  },
});
