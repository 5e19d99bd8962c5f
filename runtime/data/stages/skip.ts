/** All rows but the first ones. */

import { keptCount } from '../kept-count.ts';
import { passing } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isCount } from './checks.ts';

interface SkipArgs {
  readonly count: number;
}

interface SkipState {
  /** How many were passed over. */
  readonly skipped: number;
  readonly rows: unknown;
}

export const skip = builtInStage<SkipArgs, SkipState>({
  name: 'skip',
  check: ({ count }) => (isCount(count) ? undefined : 'a whole number of rows'),
  onTable: ({ table, view }, { args }) => ({
    kind: 'table',
    table,
    view: { kind: 'slice', of: view, from: args.count, to: Number.POSITIVE_INFINITY },
  }),
  open({ args: { count }, epoch, from, open, rest }) {
    const rows = open(epoch, from?.rows);
    let skipped = keptCount(from?.skipped);
    const isPast = (): boolean => {
      if (skipped === count) return true;
      skipped++;
      return false;
    };
    return {
      next: passing(rows, isPast, rest),
      state: () => ({ skipped, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: { count: 3 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      gives: [{ x: 4 }, { x: 5 }],
    },
  ],
});
