/** Predicts for rows as they come: as many at a time as are there, a batch at most. */
import type { Source } from '../../dsl/dataset.ts';
import type { Cursor } from '../../dsl/stage.ts';
import { endOfRows } from '../../dsl/stage.ts';
import { isPending } from '../data/live/cursor.ts';
import { openSource } from '../data/live/open-source.ts';
import { EventLoopSlices } from '../run/event-loop-slices.ts';

/** A source that pushes is buffered; it cannot be paused, and nothing is to be lost, so too many rows are refused. */
const room = { capacity: 65_536, overflow: 'error' } as const;

/** An answer is not held back for rows that have not come yet: rows that are there at once are taken together. */
export async function* predictStream(
  rows: Source<object>,
  capacity: number,
  answer: (rows: readonly unknown[], first: number) => unknown[],
): AsyncGenerator<unknown> {
  const slices = new EventLoopSlices();
  const isPushed = 'subscribe' in rows;
  const cursor = openSource(rows, isPushed ? room : {}, {
    from: undefined,
    epoch: 0,
    key: [0],
    reject: () => {},
    holds: () => {},
    rest: () => (slices.due() ? slices.rest() : undefined),
    whenDurable: () => {},
    memory: new Map(),
  });
  try {
    for (let first = 0; ; ) {
      const { batch, failure } = await nextRows(cursor, capacity);
      yield* answered(batch, first, answer);
      if (failure) throw failure.error;
      if (batch.length === 0) return;
      first += batch.length;
      if (slices.due()) await slices.rest();
    }
  } finally {
    cursor.close();
  }
}

/** Of a batch with a row that does not fit, those before it are answered. */
function* answered(
  batch: readonly unknown[],
  first: number,
  answer: (rows: readonly unknown[], first: number) => unknown[],
): Generator<unknown> {
  let answers: unknown[];
  try {
    answers = batch.length > 0 ? answer(batch, first) : [];
  } catch (error) {
    if (batch.length === 1) throw error;
    for (const [at, row] of batch.entries()) yield* answer([row], first + at);
    throw error;
  }
  yield* answers;
}

interface Rows {
  readonly batch: readonly unknown[];
  /** What the source failed of after those. */
  readonly failure?: { readonly error: unknown };
}

/** Waits for one row, then takes what is there without waiting. */
async function nextRows(cursor: Cursor, capacity: number): Promise<Rows> {
  const batch: unknown[] = [];
  try {
    while (batch.length < capacity) {
      const next = cursor.next();
      const row = isPending(next) ? await next : next;
      if (row === endOfRows) break;
      batch.push(row);
      if (isPending(next)) break;
    }
  } catch (error) {
    return { batch, failure: { error } };
  }
  return { batch };
}
