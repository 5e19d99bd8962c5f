/** Rows that are read ahead, so that they are there when they are asked for. */
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { isPending } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isRoom } from './checks.ts';

interface PrefetchArgs {
  readonly room: number;
}

interface PrefetchState {
  readonly waiting: readonly unknown[];
  readonly rows: unknown;
}

/** Rows in memory are there already. */
export const prefetch = builtInStage<PrefetchArgs, PrefetchState>({
  name: 'prefetch',
  check: ({ room }) => (isRoom(room) ? undefined : 'one row or more'),
  onTable: ({ table, view }) => ({ kind: 'table', table, view }),
  open({ args, epoch, from, open, rest, holds }) {
    const cursor = new ReadAhead(open(epoch, from?.rows), args.room, rest, from?.waiting);
    holds(() => cursor.size);
    return cursor;
  },
  examples: [
    {
      args: { room: 2 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }],
      holds: 2,
    },
    { args: { room: 9 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }], holds: 2 },
  ],
});

/** Reads whenever there is room, from the first row asked for on. */
class ReadAhead implements Cursor<PrefetchState> {
  private readonly rows: Cursor;
  private readonly room: number;
  private readonly rest: () => Promise<void> | undefined;
  private readonly waiting: unknown[];
  private isReading = false;
  private closed = false;
  private ended = false;
  private failure: { readonly error: unknown } | undefined;
  /** Tells the one who waits that something has come. */
  private wake: (() => void) | undefined;

  constructor(
    rows: Cursor,
    room: number,
    rest: () => Promise<void> | undefined,
    waiting: readonly unknown[] = [],
  ) {
    this.rows = rows;
    this.room = room;
    this.rest = rest;
    this.waiting = [...waiting];
  }

  get size(): number {
    return this.waiting.length;
  }

  next(): unknown {
    if (this.closed) return endOfRows;
    void this.read();
    if (this.waiting.length > 0) {
      const row = this.waiting.shift();
      void this.read();
      return row;
    }
    if (!this.isReading) return this.end();
    return new Promise<void>((resolve) => {
      this.wake = resolve;
    }).then(() => this.next());
  }

  state(): PrefetchState {
    return { waiting: [...this.waiting], rows: this.rows.state() };
  }

  close(): void {
    this.closed = true;
    this.rows.close();
    this.wake?.();
  }

  private end(): typeof endOfRows {
    if (this.failure) throw this.failure.error;
    return endOfRows;
  }

  private async read(): Promise<void> {
    if (this.isReading || this.ended) return;
    this.isReading = true;
    try {
      while (!this.closed && !this.ended && this.waiting.length < this.room) {
        const row = this.rows.next();
        this.keep(isPending(row) ? await row : row);
        const resting = this.waiting.length < this.room ? this.rest() : undefined;
        if (resting) await resting;
      }
    } catch (error) {
      // Rows before a failure are given first.
      this.ended = true;
      this.failure = { error };
    }
    this.isReading = false;
    this.wake?.();
  }

  private keep(row: unknown): void {
    if (row !== endOfRows) this.waiting.push(row);
    else if (!this.closed) this.ended = true;
    this.wake?.();
  }
}
