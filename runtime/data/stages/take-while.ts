/** The rows before the first that host code says no to. */

import { noRow } from '../../../dsl/row-ahead.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';
import { called } from '../table/mapped-table.ts';
import { rowReader } from '../table/row-of.ts';
import { isFixed, lengthOf, orderOf } from '../table/view.ts';

interface TakeWhileArgs {
  readonly takeWhile: (row: never) => boolean;
}

interface TakeWhileState {
  /** How many rows were asked about. */
  readonly count: number;
  readonly done: boolean;
}

/** Of rows in memory that come in the same order in every epoch, each is asked about once. */
export const takeWhile = builtInStage<TakeWhileArgs, StageState<TakeWhileState>>({
  name: 'takeWhile',
  check: ({ takeWhile }) => (typeof takeWhile === 'function' ? undefined : 'a function of a row'),
  async onTable({ table, view }, { args, slices }) {
    if (!isFixed(view) || lengthOf(view) === Number.POSITIVE_INFINITY) return undefined;
    const read = rowReader(table);
    const order = orderOf(view, 0);
    let to = 0;
    for (; to < order.length; to++) {
      const row = order.at(to);
      if (!called('takeWhile', row, args.takeWhile, read(row))) break;
      if (slices.due()) await slices.rest();
    }
    return { kind: 'table', table, view: { kind: 'slice', of: view, from: 0, to } };
  },
  open: (context) =>
    stageCursor(context, (from) => {
      let { count, done } = from ?? { count: 0, done: false };
      return {
        more: () => (done ? endOfRows : noRow),
        take(row) {
          done = !called('takeWhile', count++, context.args.takeWhile, row);
          return done ? endOfRows : row;
        },
        state: () => ({ count, done }),
      };
    }),
  examples: [
    {
      args: { takeWhile: ({ x }: { readonly x: number }) => x < 3 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 1 }]],
      gives: [{ x: 1 }, { x: 2 }],
    },
    { args: { takeWhile: () => true }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }] },
  ],
});
