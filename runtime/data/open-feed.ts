/** Opens a dataset for a run: from its description to batches. */
import type { Batches } from '../../dsl/dataset.ts';
import type { Feed } from './batch-source.ts';
import { liveFeed } from './live-feed.ts';
import type { DataContext } from './open-rows.ts';
import { openRows } from './open-rows.ts';
import { tableFeed } from './table-feed.ts';

/** `capacity` bounds the batches; where their size does not matter to the result, they may be smaller than asked. */
export async function openFeed(
  batches: Batches,
  context: DataContext,
  capacity = batches.size,
): Promise<Feed> {
  const rows = await openRows(batches.rows.stage, context);
  const batching = { size: Math.min(batches.size, capacity), dropRemainder: batches.dropRemainder };
  return rows.kind === 'table'
    ? tableFeed(rows.table, rows.view, batching)
    : liveFeed(rows.schema, rows.open, batching);
}
