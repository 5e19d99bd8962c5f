/** Those rows of a live source that a test lets through, each as soon as it is there. */
import type { Cursor } from './cursor.ts';
import { isPending } from './cursor.ts';

/** The end, which is no row, always passes. */
export function passingCursor(cursor: Cursor, passes: (row: object) => boolean): Cursor {
  const isGiven = (row: object | undefined): boolean => row === undefined || passes(row);
  const later = async (first: Promise<object | undefined>): Promise<object | undefined> => {
    let row = await first;
    while (!isGiven(row)) row = await cursor.next();
    return row;
  };
  return {
    next() {
      for (;;) {
        const row = cursor.next();
        if (isPending(row)) return later(row);
        if (isGiven(row)) return row;
      }
    },
    close: () => cursor.close(),
  };
}
