/** An iterable, plain or async, as a cursor: one row is asked for at a time, and only when it is needed. */
import type { Cursor } from './cursor.ts';
import { sourceFailure } from './source-failure.ts';

export function pulledCursor(source: AsyncIterable<object> | Iterable<object>): Cursor {
  return Symbol.asyncIterator in source ? asyncCursor(source) : plainCursor(source);
}

function plainCursor(source: Iterable<object>): Cursor {
  const iterator = opened(() => source[Symbol.iterator]());
  let ended = false;
  return {
    next() {
      if (ended) return undefined;
      try {
        const { done, value } = iterator.next();
        if (!done) return value;
      } catch (error) {
        ended = true;
        throw sourceFailure(error);
      }
      ended = true;
      return undefined;
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

function asyncCursor(source: AsyncIterable<object>): Cursor {
  const iterator = opened(() => source[Symbol.asyncIterator]());
  let ended = false;
  let release: (() => void) | undefined;
  return {
    next() {
      if (ended) return undefined;
      return new Promise((resolve, reject) => {
        release = () => resolve(undefined);
        const fail = (error: unknown): void => {
          ended = true;
          reject(sourceFailure(error));
        };
        // A hand-made iterator may throw instead of giving a promise, or give a plain result.
        new Promise<IteratorResult<object>>((settle) => settle(iterator.next())).then(({ done, value }) => {
          if (done) ended = true;
          resolve(done ? undefined : value);
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
