/** The rows that host code says yes to. */

import { keptCount } from '../kept-count.ts';
import { passing } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { kept } from '../table/build-view.ts';
import { called } from '../table/mapped-table.ts';
import { rowReader } from '../table/row-of.ts';

interface FilterArgs {
  readonly filter: (row: never) => boolean;
}

interface FilterState {
  /** How many rows were asked about. */
  readonly count: number;
  readonly rows: unknown;
}

export const filter = builtInStage<FilterArgs, FilterState>({
  name: 'filter',
  check: ({ filter }) => (typeof filter === 'function' ? undefined : 'a function of a row'),
  async onTable({ table, view }, { args, slices }) {
    const row = rowReader(table);
    const keep = (number: number): boolean => called('filter', number, args.filter, row(number));
    return { kind: 'table', table, view: await kept(view, keep, slices) };
  },
  open({ args, epoch, from, open, rest }) {
    const rows = open(epoch, from?.rows);
    let count = keptCount(from?.count);
    return {
      next: passing(rows, (row) => called('filter', count++, args.filter, row), rest),
      state: () => ({ count, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: { filter: ({ x }: { readonly x: number }) => x % 3 === 1 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      gives: [{ x: 1 }, { x: 4 }],
    },
    { args: { filter: () => false }, rows: [[{ x: 1 }, { x: 2 }]], gives: [] },
  ],
});
