/** Rows that are awaited without end, and can be left while they are. */

/** The signal is aborted when the reader leaves: a generator that awaits something would not hear of it otherwise. */
export function stoppable<T>(rows: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController();
      const iterator = rows(stop.signal);
      return {
        next: () => iterator.next(),
        return() {
          stop.abort();
          return iterator.return(undefined);
        },
      };
    },
  };
}

/** Waits so long, or until the signal is aborted; never fails. */
export function paused(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
