/** A column with the place of each row in its epoch. */

import { keptCount } from '../kept-count.ts';
import { whenThere } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { placesOf } from '../table/view.ts';

interface EnumerateArgs {
  readonly name: string;
  /** The name, where a column has it already. */
  readonly clash: readonly string[];
}

interface EnumerateState {
  readonly count: number;
  readonly rows: unknown;
}

/** Rows in memory are numbered once where every epoch has the same order; a later shuffle carries their numbers along. */
export const enumerate = builtInStage<EnumerateArgs, EnumerateState>({
  name: 'enumerate',
  check: ({ clash }) => (clash.length === 0 ? undefined : 'a name that no column has'),
  onTable({ table, view }, { args: { name }, schema }) {
    const places = placesOf(view, table.rows);
    if (!places) return undefined;
    const { given } = table;
    const columns = new Map([...table.columns, [name, places] as const]);
    const rows = given && ((row: number): object => Object.assign({}, given(row), { [name]: places[row] }));
    return { kind: 'table', table: { ...table, schema, columns, ...(rows && { given: rows }) }, view };
  },
  open({ args: { name }, epoch, from, open }) {
    const rows = open(epoch, from?.rows);
    let count = keptCount(from?.count);
    const numbered = (row: unknown): object => Object.assign({}, row, { [name]: count++ });
    return {
      next: () => whenThere(rows.next(), numbered),
      state: () => ({ count, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: { name: 'place', clash: [] },
      rows: [[{ x: 5 }, { x: 6 }]],
      gives: [
        { x: 5, place: 0 },
        { x: 6, place: 1 },
      ],
    },
  ],
});
