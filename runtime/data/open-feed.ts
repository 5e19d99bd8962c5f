/** Opens a dataset for a run: from its description to batches. */
import type { Batches } from '../../dsl/dataset.ts';
import type { Feed } from './batch-source.ts';
import { Ledger } from './ledger.ts';
import { liveFeed } from './live-feed.ts';
import { openRows } from './open-rows.ts';
import type { DataContext } from './rows.ts';
import { tableFeed } from './table/table-feed.ts';

/** `capacity` bounds the batches; where their size does not matter to the result, they may be smaller than asked. */
export async function openFeed(
  batches: Batches,
  context: DataContext,
  capacity = batches.size,
): Promise<Feed> {
  const ledger = new Ledger();
  const rows = await openRows(batches.rows.stage, { ...context, ledger });
  const { dropRemainder, within } = batches;
  const batching = { size: Math.min(batches.size, capacity), dropRemainder, within };
  return rows.kind === 'table'
    ? tableFeed(rows.table, rows.view, batching)
    : liveFeed(rows, batching, ledger, context.slices);
}
