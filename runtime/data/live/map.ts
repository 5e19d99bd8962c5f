/** Rows of a live source, each computed from one by host code. */
import { called } from '../mapped-table.ts';
import type { Cursor } from './cursor.ts';
import { whenThere } from './cursor.ts';

export function mapCursor(cursor: Cursor, map: (row: never) => object): Cursor {
  let count = 0;
  const apply = (row: object | undefined): object | undefined =>
    row === undefined ? undefined : called('map', count++, map, row);
  return { next: () => whenThere(cursor.next(), apply), close: () => cursor.close() };
}
