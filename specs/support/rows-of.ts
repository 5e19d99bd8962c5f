/** The rows of one column of a dataset, read a row at a time, with what was rejected and where reading may go on. */
import type { Dataset } from '../../dsl/dataset.ts';
import { openFeed } from '../../runtime/data/open-feed.ts';
import { room, widthOf } from '../../runtime/data/table/table.ts';
import { EventLoopSlices } from '../../runtime/run/event-loop-slices.ts';

export interface ReadRows {
  readonly values: number[];
  readonly rejected: number;
  /** What a checkpoint would hold, as it is read back from the disk. */
  readonly state: unknown;
}

export interface ReadOptions {
  readonly from?: unknown;
  /** Reads so many rows at most. */
  readonly rows?: number;
  readonly epoch?: number;
  /** Tells the source that a checkpoint taken at the end is durable, before it is closed. */
  readonly isAcknowledged?: boolean;
}

export async function readRows(
  dataset: Dataset,
  name: string,
  { from, rows = Number.POSITIVE_INFINITY, epoch = 0, isAcknowledged = false }: ReadOptions = {},
): Promise<ReadRows> {
  let rejected = 0;
  const feed = await openFeed(dataset.batch(1), {
    seed: 0,
    slices: new EventLoopSlices(),
    tables: new Map(),
    onRejected: (rejection) => {
      rejected += rejection.rows;
    },
    now: () => 0,
  });
  const source = feed.epoch(epoch, from);
  const inputs = Object.fromEntries(
    Object.entries(dataset.schema).map(([key, column]) => [key, room(column, widthOf(column))]),
  );
  const values: number[] = [];
  let state: unknown;
  try {
    while (values.length < rows && (await source.next(inputs)) > 0) values.push(...(inputs[name] ?? []));
    state = JSON.parse(JSON.stringify(source.state()));
    if (isAcknowledged) await feed.settle()();
  } finally {
    source.close();
  }
  return { values, rejected, state };
}
