/** A subscription to a source of any library, which may push, end or fail before it has been given. */
import type { Subscribable } from '../../../dsl/dataset.ts';

interface Listener {
  next(row: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

export class Subscription {
  private given: unknown;
  private isLeft = false;

  begin(source: Subscribable<object>, listener: Listener): void {
    try {
      this.given = source.subscribe(listener);
    } catch (error) {
      listener.error(error);
    }
    if (this.isLeft) this.leave();
  }

  /** The run is over for this source: what its clean-up throws has no one left to hear it. */
  leave(): void {
    this.isLeft = true;
    const left = this.given;
    this.given = undefined;
    try {
      if (typeof left === 'function') left();
      else if (hasUnsubscribe(left)) left.unsubscribe();
    } catch {}
  }
}

function hasUnsubscribe(value: unknown): value is { unsubscribe(): void } {
  return typeof value === 'object' && value !== null && 'unsubscribe' in value;
}
