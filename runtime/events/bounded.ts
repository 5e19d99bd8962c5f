/** Events for those who take them one at a time, and may be slow: a bounded room in between, with a policy for when it is full. */

import type { Observable } from 'rxjs';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { OverflowBuffer } from '../data/live/overflow-buffer.ts';
import type { RunEvent } from './event.ts';
import { isTerminal } from './event.ts';

export interface BoundedOptions {
  /** How many events may wait. Default 1024. */
  readonly capacity?: number | undefined;
  /**
   * What happens when more come: the oldest go (default), the newest go, or they wait as an unbiased sample of those that came.
   * The run never waits, and its last event is always kept.
   */
  readonly overflow?: 'dropOldest' | 'dropNewest' | 'sample' | undefined;
}

/** Events in their order, with the number of those that were dropped so far. Ends after the run's last event. */
export interface BoundedEvents extends AsyncIterableIterator<RunEvent> {
  readonly dropped: number;
}

/**
 * `for await (const event of boundedEvents(run.events$)) await send(event)`: nothing piles up, however slow the loop is. Leaving the
 * loop ends the subscription.
 */
export function boundedEvents(events$: Observable<RunEvent>, options: BoundedOptions = {}): BoundedEvents {
  const { capacity = 1024, overflow = 'dropOldest' } = options;
  checkBounds(capacity, overflow);
  const buffer = new OverflowBuffer<RunEvent>(capacity, overflow, [0]);
  let last: RunEvent | undefined;
  let ended = false;
  let wake = (): void => {};
  const subscription = events$.subscribe({
    next(event) {
      if (isTerminal(event)) last = event;
      else buffer.offer(event);
      wake();
    },
    complete() {
      ended = true;
      wake();
    },
  });
  const taken = (): IteratorResult<RunEvent> | undefined => {
    const waiting = buffer.take();
    if (waiting) return { done: false, value: waiting };
    if (last) {
      const value = last;
      last = undefined;
      return { done: false, value };
    }
    return ended ? { done: true, value: undefined } : undefined;
  };
  return {
    get dropped() {
      return buffer.dropped;
    },
    async next() {
      for (;;) {
        const there = taken();
        if (there) return there;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      ended = true;
      subscription.unsubscribe();
      while (buffer.take());
      last = undefined;
      wake();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function checkBounds(capacity: unknown, overflow: unknown): void {
  const isCapacity = Number.isSafeInteger(capacity) && Number(capacity) >= 1;
  if (isCapacity && ['dropOldest', 'dropNewest', 'sample'].includes(String(overflow))) return;
  refuse(
    RUN801({
      message: isCapacity
        ? 'there is no such overflow policy for events'
        : 'events need room for one at least',
      span: siteSpan(),
      expected: isCapacity ? "'dropOldest', 'dropNewest' or 'sample'" : 'a whole number, 1 or more',
      received: String(isCapacity ? overflow : capacity),
    }),
  );
}
