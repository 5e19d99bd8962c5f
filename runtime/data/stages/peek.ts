/** The rows as they are, each shown to host code. */

import { keptCount } from '../kept-count.ts';
import { whenThere } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { called } from '../table/mapped-table.ts';
import { rowReader } from '../table/row-of.ts';

interface PeekArgs {
  readonly peek: (row: never) => void;
}

interface PeekState {
  readonly count: number;
  readonly rows: unknown;
}

/** Of rows in memory, each is shown whenever it is read. */
export const peek = builtInStage<PeekArgs, PeekState>({
  name: 'peek',
  check: ({ peek }) => (typeof peek === 'function' ? undefined : 'a function of a row'),
  onTable({ table, view }, { args }) {
    const { ensure, given, ...numbers } = table;
    const read = rowReader(given ? { ...numbers, given } : numbers);
    const shown = (row: number): object => {
      const value = read(row);
      called('peek', row, args.peek, value);
      return value;
    };
    return {
      kind: 'table',
      view,
      table: {
        ...numbers,
        ensure(row, place) {
          ensure?.(row, place);
          shown(row);
        },
        ...(given && { given: shown }),
      },
    };
  },
  open({ args, epoch, from, open }) {
    const rows = open(epoch, from?.rows);
    let count = keptCount(from?.count);
    const shown = (row: unknown): unknown => {
      called('peek', count++, args.peek, row);
      return row;
    };
    return {
      next: () => whenThere(rows.next(), shown),
      state: () => ({ count, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [{ args: { peek: () => {} }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }] }],
});
