/** The rows of a live source that host code says yes to. */
import { called } from '../mapped-table.ts';
import type { Cursor } from './cursor.ts';
import { isPending } from './cursor.ts';

export function filterCursor(cursor: Cursor, filter: (row: never) => boolean): Cursor {
  let count = 0;
  const passes = (row: object | undefined): boolean =>
    row === undefined || called('filter', count++, filter, row);
  const later = async (first: Promise<object | undefined>): Promise<object | undefined> => {
    let row = await first;
    while (!passes(row)) row = await cursor.next();
    return row;
  };
  return {
    next() {
      for (;;) {
        const row = cursor.next();
        if (isPending(row)) return later(row);
        if (passes(row)) return row;
      }
    },
    close: () => cursor.close(),
  };
}
