/** Predicts for rows as they come: as many at a time as are there, a batch at most. */
import type { Source } from '../../dsl/dataset.ts';
import type { Cursor } from '../data/live/cursor.ts';
import { isPending } from '../data/live/cursor.ts';
import { openSource } from '../data/live/open-source.ts';

/** A source that pushes is buffered; it cannot be paused, and nothing is to be lost, so too many rows are refused. */
const edge = { capacity: 65_536, overflow: 'error' } as const;

/** An answer is not held back for rows that have not come yet: rows that are there at once are taken together. */
export async function* predictStream(
  rows: Source<object>,
  capacity: number,
  answer: (rows: readonly object[], first: number) => unknown[],
): AsyncGenerator<unknown> {
  const cursor = openSource(rows, edge, { key: [0], onDropped: () => {} });
  try {
    let first = 0;
    for (;;) {
      const batch = await nextRows(cursor, capacity);
      if (batch.length === 0) return;
      yield* answer(batch, first);
      first += batch.length;
    }
  } finally {
    cursor.close();
  }
}

/** Waits for one row, then takes what is there without waiting. */
async function nextRows(cursor: Cursor, capacity: number): Promise<object[]> {
  const rows: object[] = [];
  while (rows.length < capacity) {
    const next = cursor.next();
    const row = isPending(next) ? await next : next;
    if (row === undefined) break;
    rows.push(row);
    if (isPending(next)) break;
  }
  return rows;
}
