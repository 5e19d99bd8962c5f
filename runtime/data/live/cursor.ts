/** Small things that cursors are made of. */
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';

/** Whether a row is still awaited. */
export function isPending(row: unknown): row is Promise<unknown> {
  return row instanceof Promise;
}

/** Gives those rows of a cursor that pass, each as soon as it is there, and gives the event loop back where many do not. */
export function passing(
  rows: Cursor,
  passes: (row: unknown) => boolean,
  rest: () => Promise<void> | undefined,
): () => unknown {
  const isGiven = (row: unknown): boolean => row === endOfRows || passes(row);
  const later = async (first: unknown): Promise<unknown> => {
    let row = await first;
    while (!isGiven(row)) {
      await rest();
      row = await rows.next();
    }
    return row;
  };
  const rested = async (resting: Promise<void>): Promise<unknown> => {
    await resting;
    return later(rows.next());
  };
  return () => {
    for (;;) {
      const row = rows.next();
      if (isPending(row)) return later(row);
      if (isGiven(row)) return row;
      const resting = rest();
      if (resting) return rested(resting);
    }
  };
}

/** Applies `use` to a row, never to the end, now or when it comes. */
export function whenThere(row: unknown, use: (row: unknown) => unknown): unknown {
  if (isPending(row)) return row.then((there) => (there === endOfRows ? endOfRows : use(there)));
  return row === endOfRows ? endOfRows : use(row);
}
