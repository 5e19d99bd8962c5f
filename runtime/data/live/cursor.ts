/** Rows of a live source, one at a time and on demand: nothing is asked for before it is needed. */

export interface Cursor {
  /** The next row, at once where it is there already; undefined is the end. */
  next(): object | undefined | Promise<object | undefined>;
  /** Ends the source. A `next` that is still waiting gives the end. */
  close(): void;
}

/** Opens the rows of an epoch, counted from 0. */
export type OpenCursor = (epoch: number) => Cursor;

/** Whether a row is still awaited. */
export function isPending(
  row: object | undefined | Promise<object | undefined>,
): row is Promise<object | undefined> {
  return row instanceof Promise;
}

/** Applies `use` to a row now or when it comes. */
export function whenThere<T>(
  row: object | undefined | Promise<object | undefined>,
  use: (row: object | undefined) => T,
): T | Promise<Awaited<T>> {
  return isPending(row) ? (row.then(use) as Promise<Awaited<T>>) : use(row);
}
