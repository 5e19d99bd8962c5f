/** A live source opened again each time it ends. */
import type { Cursor, OpenCursor } from './cursor.ts';
import { isPending } from './cursor.ts';

/** Each round is its own epoch of what lies below. A round without rows ends the repetition. */
export function repeatCursor(open: OpenCursor, times: number, epoch: number): Cursor {
  const first = Number.isFinite(times) ? epoch * times : 0;
  let round = 0;
  let rows = 0;
  let cursor: Cursor | undefined;
  let closed = false;
  /** Whether there is another round to open. */
  const turn = (): boolean => {
    cursor?.close();
    cursor = undefined;
    if (closed || (round > 0 && rows === 0)) return false;
    return round < times;
  };
  const enter = (): Cursor => {
    rows = 0;
    cursor = open(first + round++);
    return cursor;
  };
  const later = async (from: Cursor, waiting: Promise<object | undefined>): Promise<object | undefined> => {
    let row = await waiting;
    let current = from;
    while (row === undefined) {
      if (!turn()) return undefined;
      current = enter();
      row = await current.next();
    }
    rows++;
    return row;
  };
  return {
    next() {
      for (;;) {
        if (!cursor && !turn()) return undefined;
        const current = cursor ?? enter();
        const row = current.next();
        if (isPending(row)) return later(current, row);
        if (row !== undefined) {
          rows++;
          return row;
        }
        if (!turn()) return undefined;
      }
    },
    close() {
      closed = true;
      cursor?.close();
    },
  };
}
