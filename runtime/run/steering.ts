/** What a user asks of a run from outside: to end, to stop in good order, to hold on; and the data that must hear of it. */

/** What gives rows or batches until it is closed. */
interface Closing {
  close(): void;
}

export class Steering {
  /** Why the run was cancelled. */
  cancelled: string | undefined;
  /** Why the user has stopped it: a run that is gone on with is not. */
  stopped: string | undefined;
  private readonly interruption = new AbortController();
  private pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  /** Open ones, so that a cancel reaches those that wait for data. */
  private readonly sources = new Set<Closing>();

  /** Aborted when the run is cancelled. */
  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  get isEnding(): boolean {
    return this.cancelled !== undefined || this.stopped !== undefined;
  }

  get isPaused(): boolean {
    return this.pause !== undefined;
  }

  /** Takes effect at the next batch boundary, or at once where data is awaited. */
  cancel(reason: string): void {
    this.cancelled ??= reason;
    this.interruption.abort();
    this.resume();
    for (const source of this.sources) source.close();
  }

  /** Ends training after the present batch, in good order. */
  stop(reason: string): void {
    this.stopped ??= reason;
    this.resume();
  }

  /** Takes effect at the next batch boundary. */
  holdOn(): void {
    if (this.pause) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.pause = { over, end };
  }

  resume(): void {
    this.pause?.end();
    this.pause = undefined;
  }

  /** Resolves when the run is not held any more. */
  async resumed(): Promise<void> {
    while (this.pause) await this.pause.over;
  }

  watch<Source extends Closing>(source: Source): Source {
    this.sources.add(source);
    if (this.cancelled !== undefined) source.close();
    return source;
  }

  unwatch(source: Closing): void {
    source.close();
    this.sources.delete(source);
  }

  /** What `work` gives, or undefined as soon as the run is cancelled: nobody waits for it then. */
  async unlessCancelled<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this;
    if (signal.aborted) return undefined;
    const cancelled = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const working = work();
    try {
      return await Promise.race([working, cancelled]);
    } finally {
      if (signal.aborted) working.catch(() => {});
    }
  }
}
