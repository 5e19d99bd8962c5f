/** Batches of a live source: rows are pulled until a batch is full, and written as they come. */
import type { Schema } from '../../dsl/column.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { Numbers } from '../engines/engine.ts';
import type { BatchSource, Feed, Inputs } from './batch-source.ts';
import type { Cursor, OpenCursor } from './live/cursor.ts';
import { isPending } from './live/cursor.ts';
import type { RowWriter } from './rows-table.ts';
import { rowWriter } from './rows-table.ts';

type Batching = Pick<Batches, 'size' | 'dropRemainder'>;

/** A live source has no positions: to begin at a row, those before it are read and passed over. */
export function liveFeed(schema: Schema, open: OpenCursor, batching: Batching): Feed {
  return {
    epoch: (epoch, row = 0) => new LiveBatches(schema, open(epoch), batching, row),
    batchesIn: () => undefined,
  };
}

class LiveBatches implements BatchSource {
  private readonly cursor: Cursor;
  private readonly batching: Batching;
  private readonly write: RowWriter;
  private skip: number;
  private row = 0;
  private ended = false;
  private inputs: Inputs | undefined;
  private targets: ReadonlyMap<string, Numbers> = new Map();

  constructor(schema: Schema, cursor: Cursor, batching: Batching, skip: number) {
    this.cursor = cursor;
    this.batching = batching;
    this.skip = skip;
    this.write = rowWriter(schema, (row) => `row ${row} of the source`);
  }

  next(inputs: Inputs): number | Promise<number> {
    if (inputs !== this.inputs) {
      this.inputs = inputs;
      this.targets = new Map(Object.entries(inputs));
    }
    for (let filled = 0; filled < this.batching.size; ) {
      if (this.ended) return this.rest(filled);
      const row = this.cursor.next();
      if (isPending(row)) return this.later(row, filled);
      filled += this.take(row, filled);
    }
    return this.batching.size;
  }

  close(): void {
    this.ended = true;
    this.cursor.close();
  }

  private async later(first: Promise<object | undefined>, from: number): Promise<number> {
    let filled = from + this.take(await first, from);
    while (filled < this.batching.size) {
      if (this.ended) return this.rest(filled);
      filled += this.take(await this.cursor.next(), filled);
    }
    return filled;
  }

  /** Takes one row, or the end; gives how many places of the batch it fills. */
  private take(row: object | undefined, at: number): 0 | 1 {
    if (row === undefined) {
      this.ended = true;
      return 0;
    }
    this.row++;
    if (this.skip > 0) {
      this.skip--;
      return 0;
    }
    this.write(row, this.targets, at, this.row - 1);
    return 1;
  }

  private rest(filled: number): number {
    return this.batching.dropRemainder ? 0 : filled;
  }
}
