/** A share of the rows, drawn anew in each epoch. */

import { keptCount } from '../kept-count.ts';
import { passing } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isSampled, lengthOf } from '../table/view.ts';

interface SampleArgs {
  readonly share: number;
}

interface SampleState {
  /** How many rows were drawn for. */
  readonly place: number;
  readonly rows: unknown;
}

/** Each row is drawn for by its place: the same draws in every run with the same seed. */
export const sample = builtInStage<SampleArgs, SampleState>({
  name: 'sample',
  check: ({ share }) => (share >= 0 && share <= 1 ? undefined : 'a share from 0 to 1'),
  onTable: ({ table, view }, { args: { share }, key }) =>
    lengthOf(view) === Number.POSITIVE_INFINITY
      ? undefined
      : { kind: 'table', table, view: { kind: 'sampled', of: view, share, key } },
  open({ args: { share }, epoch, from, open, key, rest, reject }) {
    const rows = open(epoch, from?.rows);
    let place = keptCount(from?.place);
    const isDrawn = (): boolean => {
      const drawn = isSampled(share, [...key, epoch, place++]);
      if (!drawn) reject('sampled', 1);
      return drawn;
    };
    return {
      next: passing(rows, isDrawn, rest),
      state: () => ({ place, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    { args: { share: 0.5 }, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }, { x: 6 }]] },
    { args: { share: 1 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }] },
    { args: { share: 0 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [] },
  ],
});
