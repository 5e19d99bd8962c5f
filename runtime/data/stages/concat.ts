/** The rows of several datasets, one after the other. */

import { noRow } from '../../../dsl/row-ahead.ts';
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { keptCount } from '../kept-count.ts';
import { reading } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { stacked } from '../table/joined-table.ts';
import { lengthOf } from '../table/view.ts';

interface ConcatArgs {
  /** Columns that not all datasets have alike. */
  readonly odd: readonly string[];
}

interface ConcatState {
  readonly at: number;
  readonly rows: unknown;
}

/** Each dataset is opened when those before it have ended. */
export const concat = builtInStage<ConcatArgs, ConcatState>({
  name: 'concat',
  check: ({ odd }) =>
    odd.length === 0 ? undefined : `datasets with the same columns, ${odd.join(', ')} too`,
  async onTables(parts, { schema, shared }) {
    if (parts.some(({ view }) => lengthOf(view) === Number.POSITIVE_INFINITY)) return undefined;
    const tables = parts.map(({ table }) => table);
    const { table, firsts } = stacked(schema, tables);
    const views = parts.map(({ view }, at) => ({ of: view, first: firsts[at] ?? 0 }));
    return { kind: 'table', table: await shared(async () => table), view: { kind: 'joined', parts: views } };
  },
  open({ epoch, from, upstream, rest }) {
    let at = keptCount(from?.at);
    let closed = false;
    let rows: Cursor | undefined = upstream[at]?.(epoch, from?.rows);
    const use = (row: unknown): unknown => {
      if (row !== endOfRows || closed || !rows) return row;
      rows.close();
      rows = upstream[at + 1]?.(epoch);
      if (!rows) return endOfRows;
      at++;
      return noRow;
    };
    return {
      next: reading(() => (rows ? rows.next() : endOfRows), use, rest),
      state: () => ({ at: rows ? at : upstream.length, rows: rows?.state() }),
      close() {
        closed = true;
        rows?.close();
      },
    };
  },
  examples: [
    {
      args: { odd: [] },
      rows: [[{ x: 1 }, { x: 2 }], [], [{ x: 3 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 3 }],
    },
  ],
});
