/** Shuffles a live source through a bounded buffer: each row given is a random one of those that wait. */
import { mix } from '../mix.ts';
import type { Cursor } from './cursor.ts';
import { isPending } from './cursor.ts';

/** The buffer is filled before the first row is given; the choice is counter-based, keyed by `key`. */
export function shuffleCursor(cursor: Cursor, buffer: number, key: readonly number[]): Cursor {
  const waiting: object[] = [];
  let given = 0;
  let ended = false;
  const pick = (): object | undefined => {
    if (waiting.length === 0) return undefined;
    const place = mix(...key, given++) % waiting.length;
    const row = waiting[place];
    const last = waiting.pop()!;
    if (place < waiting.length) waiting[place] = last;
    return row;
  };
  const keep = (row: object | undefined): void => {
    if (row === undefined) ended = true;
    else waiting.push(row);
  };
  const later = async (first: Promise<object | undefined>): Promise<object | undefined> => {
    keep(await first);
    while (!ended && waiting.length < buffer) keep(await cursor.next());
    return pick();
  };
  return {
    next() {
      while (!ended && waiting.length < buffer) {
        const row = cursor.next();
        if (isPending(row)) return later(row);
        keep(row);
      }
      return pick();
    },
    close() {
      waiting.length = 0;
      cursor.close();
    },
  };
}
