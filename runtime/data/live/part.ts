/** One part of a split live source. */
import { mix } from '../mix.ts';
import type { Cursor } from './cursor.ts';
import { passingCursor } from './passing.ts';

/**
 * The length is not known, so each row is assigned by a draw on its place in the stream, the same in every epoch and
 * for every part: over many rows the shares are as asked for, and no row is in two parts.
 */
export function partCursor(cursor: Cursor, from: number, to: number, key: readonly number[]): Cursor {
  let place = 0;
  return passingCursor(cursor, () => {
    const draw = mix(...key, place++) / 0x1_0000_0000;
    return draw >= from && draw < to;
  });
}
