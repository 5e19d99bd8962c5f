/** The rows of a file that grows, without end: through rotations, from any position. */
import { existsSync } from 'node:fs';
import type { ChunkedRow, ChunkedSource } from '../live/chunked-cursor.ts';
import { stoppable } from '../live/stoppable.ts';
import { FileChanges } from './file-changes.ts';
import type { LinePosition } from './json-lines-format.ts';
import type { PlacedRow } from './placed-row.ts';
import type { TailPosition } from './tailed-files.ts';
import { foundAgain, successor, TailedFile } from './tailed-files.ts';

export interface LineAt extends LinePosition {
  readonly skip?: number;
}

/** Reads the rows of one file as its bytes come. */
export interface TailReader {
  cut(piece: Buffer): Iterable<PlacedRow<LineAt>>;
  /** What the file ended in, when it is certain that there comes no more. */
  end(): Iterable<PlacedRow<LineAt>>;
}

/** `beginning` gives the first bytes of the file, where reading goes on behind them. */
export type OpenTail = (path: string, at: Required<LineAt>, beginning: () => Buffer) => TailReader;

const start = { offset: 0, line: 1, skip: 0 };

export function tailRows(path: string, open: OpenTail, poll: number): ChunkedSource<TailPosition> {
  return {
    open: (position) =>
      stoppable(async function* (signal) {
        const changes = new FileChanges(path, poll);
        let file: TailedFile | undefined;
        let reader: TailReader | undefined;
        const turnTo = (next: string, at: Required<LineAt>): void => {
          file?.close();
          const opened = new TailedFile(next, at.offset);
          file = opened;
          reader = open(path, at, () => opened.beginning());
        };
        try {
          if (position) turnTo(foundAgain(path, position), position);
          while (!signal.aborted) {
            if (!file || !reader) {
              if (existsSync(path)) turnTo(path, start);
              else await changes.next(signal);
              continue;
            }
            const piece = file.read();
            if (piece.length > 0) {
              yield positioned(reader.cut(piece), file);
              continue;
            }
            if (file.isTruncated) {
              turnTo(path, start);
              continue;
            }
            const next = successor(path, file.inode);
            if (next === undefined) {
              await changes.next(signal);
              continue;
            }
            // Whoever wrote to it may have done so until the other was there.
            const late = file.read();
            if (late.length > 0) yield positioned(reader.cut(late), file);
            else {
              yield positioned(reader.end(), file);
              turnTo(next, start);
            }
          }
        } finally {
          changes.close();
          file?.close();
        }
      }),
  };
}

/** Positions of a tailed file say which file it is, too. */
function* positioned(
  rows: Iterable<PlacedRow<LineAt>>,
  file: TailedFile,
): Generator<ChunkedRow<TailPosition>> {
  for (const row of rows) {
    const { offset, line, skip = 0 } = row.position.at;
    const position = { inode: file.inode, head: file.headAt(offset), offset, line, skip };
    yield { row: row.row, position, place: row.place, span: row.span };
  }
}
