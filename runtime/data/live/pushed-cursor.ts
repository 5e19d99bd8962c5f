/** A source that pushes, as a cursor: rows wait in a bounded room until they are asked for. */
import { DAT711 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Overflow, Subscribable } from '../../../dsl/dataset.ts';
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { SourceContext } from './open-source.ts';
import type { BufferState } from './overflow-buffer.ts';
import { OverflowBuffer } from './overflow-buffer.ts';
import { sourceFailure } from './source-failure.ts';
import { Subscription } from './subscription.ts';

export interface PushedOptions {
  readonly capacity: number;
  readonly overflow: Exclude<Overflow, 'block'>;
}

interface Waiting {
  readonly resolve: (row: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Subscribes at once. Rows that arrived before an error or the end are given first. */
export function pushedCursor(
  source: Subscribable<object>,
  { capacity, overflow }: PushedOptions,
  { from, epoch, key, reject, holds }: SourceContext,
): Cursor<BufferState> {
  const buffer = new OverflowBuffer(
    capacity,
    overflow === 'error' ? 'dropNewest' : overflow,
    [...key, epoch],
    from as BufferState | undefined,
  );
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let waiting: Waiting | undefined;
  const pushing = new Subscription();
  holds(() => buffer.size, true);

  const settle = (use: (waiter: Waiting) => void): void => {
    const waiter = waiting;
    waiting = undefined;
    if (waiter) use(waiter);
  };
  const fail = (error: unknown): void => {
    if (ended) return;
    ended = true;
    failure = { error };
    settle((waiter) => waiter.reject(error));
  };
  const next = (row: unknown): void => {
    if (ended) return;
    if (waiting) {
      settle(({ resolve }) => resolve(row));
      return;
    }
    if (overflow === 'error' && buffer.size === capacity) {
      fail(tooMany(capacity));
      pushing.leave();
      return;
    }
    const before = buffer.dropped;
    buffer.offer(row);
    if (buffer.dropped > before) reject('overflow', buffer.dropped - before);
  };
  const complete = (): void => {
    ended = true;
    settle(({ resolve }) => resolve(endOfRows));
  };

  pushing.begin(source, { next, error: (error) => fail(sourceFailure(error)), complete });
  if (ended) pushing.leave();

  return {
    next() {
      if (buffer.size > 0) return buffer.take();
      if (failure) throw failure.error;
      if (ended) return endOfRows;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    state: () => buffer.state(),
    close() {
      complete();
      pushing.leave();
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
