/** Keeps the event loop alive: long work asks after each piece whether its slice of time is over, and rests. */
import { setImmediate } from 'node:timers/promises';

/** How long work may go on before timers and sockets are served, in milliseconds. */
const slice = 8;

export class EventLoopSlices {
  private since = performance.now();
  private before = this.since;

  /** When it was asked last whether a slice is over, in milliseconds of `performance.now`. */
  get now(): number {
    return this.before;
  }

  /**
   * Whether to rest now: the slice is over, or another piece like the last one would not fit in it. A piece that is
   * longer than a slice is therefore always followed by a rest.
   */
  due(): boolean {
    const now = performance.now();
    const piece = now - this.before;
    this.before = now;
    return now - this.since + piece >= slice;
  }

  /** Serves the event loop once. */
  async rest(): Promise<void> {
    await setImmediate();
    this.since = this.before = performance.now();
  }
}
