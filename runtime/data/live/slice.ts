/** The rows from one place of a live source to another: `take` and `skip`. */
import type { Cursor } from './cursor.ts';
import { isPending } from './cursor.ts';

/** Rows `from` … `to` − 1; the source is closed as soon as the last one was given. */
export function sliceCursor(cursor: Cursor, from: number, to: number): Cursor {
  let place = 0;
  const seen = (row: object | undefined): object | undefined => {
    if (row !== undefined && ++place === to) cursor.close();
    return row;
  };
  const later = async (first: Promise<object | undefined>): Promise<object | undefined> => {
    let row = seen(await first);
    while (row !== undefined && place <= from) row = seen(await cursor.next());
    return row;
  };
  return {
    next() {
      if (place >= to) {
        cursor.close();
        return undefined;
      }
      for (;;) {
        const row = cursor.next();
        if (isPending(row)) return later(row);
        if (seen(row) === undefined || place > from) return row;
      }
    },
    close: () => cursor.close(),
  };
}
