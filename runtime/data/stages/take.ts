/** The first rows. */
import { endOfRows } from '../../../dsl/stage.ts';
import { keptCount } from '../kept-count.ts';
import { whenThere } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isCount } from './checks.ts';

interface TakeArgs {
  readonly count: number;
}

interface TakeState {
  /** How many were given. */
  readonly given: number;
  readonly rows: unknown;
}

/** The source is closed as soon as the last row was given. */
export const take = builtInStage<TakeArgs, TakeState>({
  name: 'take',
  check: ({ count }) => (isCount(count) ? undefined : 'a whole number of rows'),
  onTable: ({ table, view }, { args }) => ({
    kind: 'table',
    table,
    view: { kind: 'slice', of: view, from: 0, to: args.count },
  }),
  open({ args: { count }, epoch, from, open }) {
    const rows = open(epoch, from?.rows);
    let given = keptCount(from?.given);
    const counted = (row: unknown): unknown => {
      if (++given >= count) rows.close();
      return row;
    };
    return {
      next() {
        if (given < count) return whenThere(rows.next(), counted);
        rows.close();
        return endOfRows;
      },
      state: () => ({ given, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    { args: { count: 2 }, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]], gives: [{ x: 1 }, { x: 2 }] },
    { args: { count: 5 }, rows: [[{ x: 1 }]], gives: [{ x: 1 }] },
    { args: { count: 0 }, rows: [[{ x: 1 }]], gives: [] },
  ],
});
