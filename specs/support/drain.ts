/** Reads datasets as a run would, for specs: all rows of an epoch, batch by batch. */
import type { Batches, Dataset } from '../../dsl/dataset.ts';
import type { BatchSource } from '../../runtime/data/batch-source.ts';
import { openFeed } from '../../runtime/data/open-feed.ts';
import type { Rejection } from '../../runtime/data/rows.ts';
import { room, widthOf } from '../../runtime/data/table/table.ts';
import { EventLoopSlices } from '../../runtime/run/event-loop-slices.ts';

export interface DrainOptions {
  readonly seed?: number;
  /** From 0. */
  readonly epoch?: number;
  /** What a source's `state` gave, to go on from there. */
  readonly from?: unknown;
  /** Stops after so many batches. */
  readonly batches?: number;
  readonly onRejected?: (rejection: Rejection) => void;
}

export interface Drained {
  /** The numbers of each column, row after row. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
  /** Rows in each batch. */
  readonly sizes: readonly number[];
}

export async function openSource(batches: Batches, options: DrainOptions = {}): Promise<BatchSource> {
  const { seed = 0, epoch = 0, from, onRejected = () => {} } = options;
  const slices = new EventLoopSlices();
  const feed = await openFeed(batches, { seed, slices, tables: new Map(), onRejected, now: () => 0 });
  return feed.epoch(epoch, from);
}

export async function drain(batches: Batches, options: DrainOptions = {}): Promise<Drained> {
  const source = await openSource(batches, options);
  const { schema } = batches.rows;
  const inputs = Object.fromEntries(
    Object.entries(schema).map(([name, column]) => [name, room(column, widthOf(column) * batches.size)]),
  );
  const columns: Record<string, number[]> = Object.fromEntries(Object.keys(schema).map((name) => [name, []]));
  const sizes: number[] = [];
  while (sizes.length < (options.batches ?? Number.POSITIVE_INFINITY)) {
    const size = await source.next(inputs);
    if (size === 0) break;
    sizes.push(size);
    for (const [name, column] of Object.entries(schema)) {
      columns[name]!.push(...inputs[name]!.subarray(0, size * widthOf(column)));
    }
  }
  source.close();
  return { columns, sizes };
}

/** One column of one epoch. */
export async function valuesOf(
  dataset: Dataset,
  name: string,
  options: DrainOptions = {},
): Promise<readonly number[]> {
  return (await drain(dataset.batch(7), options)).columns[name]!;
}
