/** Batches of a live source: rows are pulled until a batch is full or its time is over, and written as they come. */
import type { Schema } from '../../dsl/column.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { AheadState } from '../../dsl/row-ahead.ts';
import { noRow, RowAhead } from '../../dsl/row-ahead.ts';
import { endOfRows } from '../../dsl/stage.ts';
import type { Numbers } from '../engines/engine.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';
import type { BatchSource, Feed, Inputs } from './batch-source.ts';
import { keptCount } from './kept-count.ts';
import type { Ledger } from './ledger.ts';
import { isOfSource } from './live/source-failure.ts';
import type { LiveRows } from './rows.ts';
import type { RowWriter } from './table/rows-table.ts';
import { rowWriter } from './table/rows-table.ts';

type Batching = Pick<Batches, 'size' | 'dropRemainder' | 'within'>;

interface LiveState {
  /** Of a batch that was begun, or given back. */
  readonly batch: readonly unknown[];
  /** How many rows came before those, for messages. */
  readonly before: number;
  readonly rows: AheadState;
}

export function liveFeed(
  { schema, open }: LiveRows,
  batching: Batching,
  ledger: Ledger,
  slices: EventLoopSlices,
): Feed {
  let latest: LiveBatches | undefined;
  return {
    epoch(epoch, from) {
      const state = from as LiveState | undefined;
      latest = new LiveBatches(schema, new RowAhead(open, epoch, state?.rows), batching, slices, state);
      return latest;
    },
    batchesIn: () => undefined,
    get isPushed() {
      return ledger.isPushed;
    },
    waiting: () => ledger.waiting() + (latest?.waiting ?? 0),
    settle: () => ledger.settle(),
  };
}

/** Between how many rows the clock is looked at while rows are there without waiting. */
const rowsPerLook = 256;

/** Stands for the end of the time that a batch waits for rows. */
const timeIsOver = Symbol('time is over');

class LiveBatches implements BatchSource {
  /** A row may have been asked for before the time of a batch was over. */
  private readonly cursor: RowAhead;
  private readonly batching: Batching;
  private readonly slices: EventLoopSlices;
  private readonly write: RowWriter;
  /** The rows of the batch that is being filled, or was given last. */
  private batch: unknown[];
  private isGiven = false;
  /** Rows before those of the batch. */
  private before: number;
  private ended = false;
  private inputs: Inputs | undefined;
  private targets: ReadonlyMap<string, Numbers> = new Map();

  constructor(
    schema: Schema,
    cursor: RowAhead,
    batching: Batching,
    slices: EventLoopSlices,
    from: LiveState | undefined,
  ) {
    this.cursor = cursor;
    this.batching = batching;
    this.slices = slices;
    this.batch = [...(from?.batch ?? [])];
    this.before = keptCount(from?.before);
    this.write = rowWriter(schema, (row) => `row ${row} of the source`);
  }

  /** Rows that are in no batch that was given. */
  get waiting(): number {
    return (this.isGiven ? 0 : this.batch.length) + this.cursor.waiting;
  }

  next(inputs: Inputs): number | Promise<number> {
    if (inputs !== this.inputs) {
      this.inputs = inputs;
      this.targets = new Map(Object.entries(inputs));
    }
    if (this.isGiven) {
      this.before += this.batch.length;
      this.batch.length = 0;
      this.isGiven = false;
    }
    // Rows of a batch that was begun before a crash, or given back.
    for (const [at, row] of this.batch.entries()) this.write(row, this.targets, at, this.before + at);
    while (!this.isFull && this.pull()) if (this.isDue) break;
    return this.isFull ? this.given() : this.later();
  }

  giveBack(): void {
    this.isGiven = false;
  }

  state(): LiveState {
    const { before, batch, isGiven, cursor } = this;
    return isGiven
      ? { before: before + batch.length, batch: [], rows: cursor.state() }
      : { before, batch: [...batch], rows: cursor.state() };
  }

  isWholeAfter(error: unknown): boolean {
    return isOfSource(error);
  }

  close(): void {
    this.ended = true;
    this.cursor.close();
  }

  private get isFull(): boolean {
    return this.ended || this.batch.length >= this.batching.size;
  }

  /** Whether others are to run first. */
  private get isDue(): boolean {
    return this.batch.length % rowsPerLook === 0 && this.slices.due();
  }

  /** Takes a row that is there, or asks for one and says no. */
  private pull(): boolean {
    const row = this.cursor.take();
    if (row === noRow) return false;
    this.take(row);
    return true;
  }

  private async later(): Promise<number> {
    const { within } = this.batching;
    const timer = within === undefined ? undefined : new BatchTimer(within);
    try {
      for (;;) {
        if (this.batch.length > 0) timer?.begin();
        if (this.isFull) return this.given();
        if (!this.pull()) {
          const { coming } = this.cursor;
          const over = await (timer ? Promise.race([coming, timer.over]) : coming);
          // The row that is still awaited comes into the next batch.
          if (over === timeIsOver) return this.given();
        }
        if (this.isDue) await this.slices.rest();
      }
    } finally {
      timer?.end();
    }
  }

  private take(row: unknown): void {
    if (row === endOfRows) {
      this.ended = true;
      return;
    }
    const at = this.batch.length;
    this.write(row, this.targets, at, this.before + at);
    this.batch.push(row);
  }

  private given(): number {
    const { length } = this.batch;
    if (length < this.batching.size && this.batching.dropRemainder && this.ended) return 0;
    this.isGiven = true;
    return length;
  }
}

/** The time that the first row of a batch waits for others. */
class BatchTimer {
  readonly over: Promise<typeof timeIsOver>;
  private readonly within: number;
  private ring: () => void = () => {};
  private timer: NodeJS.Timeout | undefined;

  constructor(within: number) {
    this.within = within;
    this.over = new Promise((resolve) => {
      this.ring = () => resolve(timeIsOver);
    });
  }

  begin(): void {
    this.timer ??= setTimeout(this.ring, this.within);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
