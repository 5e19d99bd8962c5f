/** A source that pushes, as a cursor: rows wait in a bounded room until they are asked for. */
import { DAT711 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Overflow, Subscribable } from '../../../dsl/dataset.ts';
import type { Cursor } from './cursor.ts';
import { OverflowBuffer } from './overflow-buffer.ts';
import { sourceFailure } from './source-failure.ts';

export interface PushedOptions {
  readonly capacity: number;
  readonly overflow: Exclude<Overflow, 'block'>;
  readonly key: readonly number[];
  /** Told how many rows were dropped, each time some were. */
  readonly onDropped: (rows: number) => void;
}

interface Waiting {
  readonly resolve: (row: object | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Subscribes at once. Rows that arrived before an error or the end are given first. */
export function pushedCursor(source: Subscribable<object>, options: PushedOptions): Cursor {
  const { capacity, overflow, key, onDropped } = options;
  const buffer = new OverflowBuffer<object>(capacity, overflow === 'error' ? 'dropNewest' : overflow, key);
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let waiting: Waiting | undefined;

  const settle = (use: (waiter: Waiting) => void): void => {
    const waiter = waiting;
    waiting = undefined;
    if (waiter) use(waiter);
  };
  const fail = (error: unknown): void => {
    if (ended) return;
    ended = true;
    failure = { error };
    settle(({ reject }) => reject(error));
  };
  const next = (row: object): void => {
    if (ended) return;
    if (waiting) {
      settle(({ resolve }) => resolve(row));
      return;
    }
    if (overflow === 'error' && buffer.size === capacity) {
      fail(tooMany(capacity));
      subscription?.unsubscribe();
      return;
    }
    const before = buffer.dropped;
    buffer.offer(row);
    if (buffer.dropped > before) onDropped(buffer.dropped - before);
  };
  const complete = (): void => {
    ended = true;
    settle(({ resolve }) => resolve(undefined));
  };

  // A source may push, end or fail before subscribe returns.
  let subscription: { unsubscribe(): void } | undefined;
  try {
    subscription = source.subscribe({ next, error: (error) => fail(sourceFailure(error)), complete });
  } catch (error) {
    fail(sourceFailure(error));
  }
  if (ended) subscription?.unsubscribe();

  return {
    next() {
      const row = buffer.take();
      if (row !== undefined) return row;
      if (failure) throw failure.error;
      if (ended) return undefined;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    close() {
      complete();
      subscription?.unsubscribe();
    },
  };
}

function tooMany(capacity: number): DiagnosticError {
  return new DiagnosticError([
    DAT711({
      message: `the source is faster than its reader: more than ${capacity} rows are waiting`,
      span: nowhere,
      expected: `at most ${capacity} rows waiting`,
      received: 'one more',
      hint: "raise capacity, or choose a policy that drops, such as overflow: 'dropOldest'",
    }),
  ]);
}
