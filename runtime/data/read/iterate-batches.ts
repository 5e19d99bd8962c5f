/** Reads the batches of a dataset without training on them. */
import type { Schema } from '../../../dsl/column.ts';
import type { Batches } from '../../../dsl/dataset.ts';
import type { Numbers } from '../../engines/engine.ts';
import { openFeed } from '../open-feed.ts';
import { room, widthOf } from '../table/table.ts';
import type { ReadOptions } from './read-options.ts';
import { closing, contextOf } from './read-options.ts';

/** One batch as numbers: what a model is given. */
export interface NumberBatch<S extends Schema = Schema> {
  readonly rows: number;
  /** Row after row: labels as their numbers, truth values as 0 and 1. */
  readonly columns: {
    readonly [K in keyof S]: S[K]['dtype'] extends 'float32' ? Float32Array : Int32Array;
  };
}

/**
 * The batches of one epoch as training would see them: `for await (const { rows, columns } of iterateBatches(data.batch(32)))`.
 * Each has arrays of its own. Leaving the loop closes the sources.
 */
export function iterateBatches<S extends Schema>(
  batches: Batches<S>,
  options?: ReadOptions,
): AsyncGenerator<NumberBatch<S>, void>;
export async function* iterateBatches(
  batches: Batches,
  options: ReadOptions = {},
): AsyncGenerator<{ readonly rows: number; readonly columns: Readonly<Record<string, Numbers>> }, void> {
  const { epoch = 0, signal } = options;
  const { schema } = batches.rows;
  const context = contextOf(options);
  signal?.throwIfAborted();
  const source = (await openFeed(batches, context)).epoch(epoch);
  const end = closing(source, signal);
  const columns = Object.entries(schema).map(([name, column]) => {
    const width = widthOf(column);
    return { name, width, values: room(column, width * batches.size) };
  });
  const inputs = Object.fromEntries(columns.map(({ name, values }) => [name, values]));
  try {
    for (;;) {
      const rows = await source.next(inputs);
      signal?.throwIfAborted();
      if (rows === 0) return;
      const own = columns.map(({ name, width, values }) => [name, values.slice(0, rows * width)]);
      yield { rows, columns: Object.fromEntries(own) };
      if (context.slices.due()) await context.slices.rest();
    }
  } finally {
    end();
  }
}
