/** One part of a split live source. */
import { mix } from '../mix.ts';
import type { Cursor } from './cursor.ts';
import { isPending } from './cursor.ts';

/**
 * The length is not known, so each row is assigned by a draw on its place in the stream, the same in every epoch and
 * for every part: over many rows the shares are as asked for, and no row is in two parts.
 */
export function partCursor(cursor: Cursor, from: number, to: number, key: readonly number[]): Cursor {
  let place = 0;
  const mine = (row: object | undefined): boolean => {
    if (row === undefined) return true;
    const draw = mix(...key, place++) / 0x1_0000_0000;
    return draw >= from && draw < to;
  };
  const later = async (first: Promise<object | undefined>): Promise<object | undefined> => {
    let row = await first;
    while (!mine(row)) row = await cursor.next();
    return row;
  };
  return {
    next() {
      for (;;) {
        const row = cursor.next();
        if (isPending(row)) return later(row);
        if (mine(row)) return row;
      }
    },
    close: () => cursor.close(),
  };
}
