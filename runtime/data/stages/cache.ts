/** Rows that are read once and kept in memory for the epochs after the first. */
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { keptCount } from '../kept-count.ts';
import { isPending } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { keptTable } from '../table/mapped-table.ts';

interface CacheState {
  readonly given: number;
  /** Where the rows cannot be read again: those that are kept, and how to go on. */
  readonly kept?: { readonly rows: readonly unknown[]; readonly whole: boolean; readonly source: unknown };
}

/** What is kept for a run. */
interface Kept {
  readonly rows: unknown[];
  /** Where the rest comes from; undefined before the first row and when all rows are there. */
  source: Cursor | undefined;
  whole: boolean;
}

/** An epoch gives what is kept and reads on where that ends. Rows of which not all were read are read again. */
export const cache = builtInStage<object, CacheState>({
  name: 'cache',
  onTable({ table, view }, { shared }) {
    if (!table.ensure) return { kind: 'table', table, view };
    return shared(async () => keptTable(table)).then((kept) => ({ kind: 'table', table: kept, view }));
  },
  open({ from, open, memory, replay, rest }) {
    let place = keptCount(from?.given);
    let closed = false;
    const kept = keptIn(memory, from?.kept, open);
    const read = (): unknown => {
      kept.source ??= open(0);
      return kept.source.next();
    };
    const keep = (row: unknown): void => {
      if (row !== endOfRows) {
        kept.rows.push(row);
        return;
      }
      // The end of a source that was closed is none.
      if (closed) return;
      kept.whole = true;
      kept.source?.close();
      kept.source = undefined;
    };
    const isThere = (): boolean => kept.whole || place < kept.rows.length;
    const taken = (): unknown => (closed || place >= kept.rows.length ? endOfRows : kept.rows[place++]);
    const later = async (first: unknown): Promise<unknown> => {
      keep(await first);
      // After a resume, rows before the place are read again.
      while (!closed && !isThere()) {
        await rest();
        keep(await read());
      }
      return taken();
    };
    return {
      next() {
        while (!closed && !isThere()) {
          const row = read();
          if (isPending(row)) return later(row);
          keep(row);
          const resting = rest();
          if (resting) return isThere() ? resting.then(taken) : later(resting.then(read));
        }
        return taken();
      },
      state: () => ({
        given: place,
        ...(replay === 'once' && {
          kept: { rows: [...kept.rows], whole: kept.whole, source: kept.source?.state() },
        }),
      }),
      close() {
        closed = true;
        kept.source?.close();
        if (!kept.whole) memory.delete('rows');
      },
    };
  },
  examples: [{ args: {}, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]], gives: [{ x: 1 }, { x: 2 }, { x: 3 }] }],
});

function keptIn(
  memory: Map<string, unknown>,
  before: CacheState['kept'],
  open: (epoch: number, from?: unknown) => Cursor,
): Kept {
  const found = memory.get('rows') as Kept | undefined;
  if (found) return found;
  const rows = before ? [...before.rows] : [];
  const whole = before?.whole ?? false;
  const source = before && !whole && before.source !== undefined ? open(0, before.source) : undefined;
  const kept: Kept = { rows, source, whole };
  memory.set('rows', kept);
  return kept;
}
