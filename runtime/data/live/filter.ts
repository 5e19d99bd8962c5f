/** The rows of a live source that host code says yes to. */
import { called } from '../mapped-table.ts';
import type { Cursor } from './cursor.ts';
import { passingCursor } from './passing.ts';

export function filterCursor(cursor: Cursor, filter: (row: never) => boolean): Cursor {
  let count = 0;
  return passingCursor(cursor, (row) => called('filter', count++, filter, row));
}
