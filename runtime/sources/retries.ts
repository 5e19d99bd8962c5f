/** A failure of a connection that is worth another try, until it has failed too often. */
import { paused } from '../data/live/stoppable.ts';

export interface RetryOptions {
  /** How often a connection that fails is tried again before the source fails (DAT713). Default 10. */
  readonly retries?: number | undefined;
  /** Milliseconds before the first of those; each waits twice as long as the one before, 30 s at most. Default 250. */
  readonly retryAfter?: number | undefined;
}

/** Counts failures since something last came. */
export class Retries {
  private failures = 0;
  private readonly most: number;
  private readonly first: number;

  constructor({ retries = 10, retryAfter = 250 }: RetryOptions) {
    this.most = retries;
    this.first = retryAfter;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** Waits before the next try, or throws what has failed. */
  async failed(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (++this.failures > this.most) throw error;
    await paused(Math.min(30_000, this.first * 2 ** (this.failures - 1)), signal);
  }
}
