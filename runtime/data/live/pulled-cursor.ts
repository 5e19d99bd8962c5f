/** An iterable, plain or async, as a cursor: one row is asked for at a time, and only when it is needed. */
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { SourceCursor } from '../intake/checked-cursor.ts';
import { passing, whenThere } from './cursor.ts';
import { sourceFailure } from './source-failure.ts';

export interface PulledState {
  /** Rows given. */
  readonly given: number;
}

/** Rows `0` … `skipped` − 1 are read and passed over: they were given before. */
export function pulledCursor(
  source: AsyncIterable<object> | Iterable<object>,
  skipped: number,
  rest: () => Promise<void> | undefined,
): SourceCursor<PulledState> {
  const rows = Symbol.asyncIterator in source ? asyncRows(source) : plainRows(source);
  let seen = 0;
  let given = skipped;
  const count = (row: unknown): unknown => {
    given++;
    return row;
  };
  const fresh = skipped === 0 ? rows.next : passing(rows, () => ++seen > skipped, rest);
  return {
    next: () => whenThere(fresh(), count),
    state: () => ({ given }),
    unread() {
      given--;
    },
    close: rows.close,
  };
}

type Pulled = Pick<Cursor, 'next' | 'close'>;

function plainRows(source: Iterable<object>): Pulled {
  const iterator = opened(() => source[Symbol.iterator]());
  let ended = false;
  return {
    next() {
      if (ended) return endOfRows;
      try {
        const { done, value } = iterator.next();
        if (!done) return value;
      } catch (error) {
        ended = true;
        throw sourceFailure(error);
      }
      ended = true;
      return endOfRows;
    },
    close() {
      if (ended) return;
      ended = true;
      // The run is over for this source: what its clean-up throws has no one left to hear it.
      try {
        iterator.return?.();
      } catch {}
    },
  };
}

function asyncRows(source: AsyncIterable<object>): Pulled {
  const iterator = opened(() => source[Symbol.asyncIterator]());
  let ended = false;
  let release: (() => void) | undefined;
  return {
    next() {
      if (ended) return endOfRows;
      return new Promise((resolve, reject) => {
        release = () => resolve(endOfRows);
        const fail = (error: unknown): void => {
          ended = true;
          reject(sourceFailure(error));
        };
        // A hand-made iterator may throw instead of giving a promise, or give a plain result.
        new Promise<IteratorResult<object>>((settle) => settle(iterator.next())).then(({ done, value }) => {
          if (done) ended = true;
          resolve(done ? endOfRows : value);
        }, fail);
      });
    },
    close() {
      if (ended) return;
      ended = true;
      release?.();
      // A generator that is awaiting something ends only after that; nobody waits for it.
      try {
        Promise.resolve(iterator.return?.()).catch(() => {});
      } catch {}
    },
  };
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw sourceFailure(error);
  }
}
