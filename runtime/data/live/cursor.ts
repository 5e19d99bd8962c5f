/** Small things that cursors are made of. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';

/** Whether a row is still awaited. */
export function isPending(row: unknown): row is Promise<unknown> {
  return row instanceof Promise;
}

/**
 * `next` of a cursor that reads until there is a row to give: `use` is handed each row and the end, and gives what is to
 * be given, or `noRow`. Gives the event loop back where many are read for nothing.
 */
export function reading(
  read: () => unknown,
  use: (row: unknown) => unknown,
  rest: () => Promise<void> | undefined,
): () => unknown {
  const later = async (first: unknown): Promise<unknown> => {
    let given = use(await first);
    while (given === noRow) {
      await rest();
      given = use(await read());
    }
    return given;
  };
  return () => {
    for (;;) {
      const row = read();
      if (isPending(row)) return later(row);
      const given = use(row);
      if (given !== noRow) return given;
      const resting = rest();
      if (resting) return later(resting.then(read));
    }
  };
}

/** Gives those rows of a cursor that pass, each as soon as it is there. */
export function passing(
  rows: Pick<Cursor, 'next'>,
  passes: (row: unknown) => boolean,
  rest: () => Promise<void> | undefined,
): () => unknown {
  const use = (row: unknown): unknown => (row === endOfRows || passes(row) ? row : noRow);
  return reading(() => rows.next(), use, rest);
}

/** Applies `use` to a row, never to the end, now or when it comes. */
export function whenThere(row: unknown, use: (row: unknown) => unknown): unknown {
  if (isPending(row)) return row.then((there) => (there === endOfRows ? endOfRows : use(there)));
  return row === endOfRows ? endOfRows : use(row);
}
