/** The columns of several datasets side by side. */

import { noRow } from '../../../dsl/row-ahead.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { reading } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { beside } from '../table/joined-table.ts';

interface ZipArgs {
  /** Columns that several datasets have. */
  readonly clash: readonly string[];
}

interface ZipState {
  /** The rows of the first datasets that wait for those of the others. */
  readonly held: readonly unknown[];
  readonly rows: readonly unknown[];
}

/** The rows end with the shortest dataset. Rows in memory stay there where none of them is in an order of its own. */
export const zip = builtInStage<ZipArgs, ZipState>({
  name: 'zip',
  check: ({ clash }) =>
    clash.length === 0 ? undefined : `datasets of which no two have a column ${clash.join(', ')}`,
  onTables(parts, { schema }) {
    if (parts.some(({ view }) => view.kind !== 'all')) return undefined;
    const table = beside(
      schema,
      parts.map(({ table }) => table),
    );
    return { kind: 'table', table, view: { kind: 'all', rows: table.rows } };
  },
  open({ epoch, from, upstream, rest, holds }) {
    const parts = upstream.map((open, at) => open(epoch, from?.rows[at]));
    let held: readonly unknown[] = from?.held ?? [];
    let ended = false;
    holds(() => held.length);
    const read = (): unknown => (ended ? endOfRows : parts[held.length]?.next());
    const use = (row: unknown): unknown => {
      if (row === endOfRows) {
        close();
        return endOfRows;
      }
      held = [...held, row];
      if (held.length < parts.length) return noRow;
      const together = Object.assign({}, ...held);
      held = [];
      return together;
    };
    const close = (): void => {
      ended = true;
      for (const part of parts) part.close();
    };
    return {
      next: reading(read, use, rest),
      state: () => ({ held, rows: parts.map((part) => part.state()) }),
      close,
    };
  },
  examples: [
    {
      args: { clash: [] },
      rows: [
        [{ x: 1 }, { x: 2 }, { x: 3 }],
        [{ y: 1 }, { y: 2 }],
      ],
      gives: [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
    },
  ],
});
