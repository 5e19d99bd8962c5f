/** Rows without those that are the same as one given before. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { keptCount } from '../kept-count.ts';
import { builtInStage } from '../stage.ts';
import { called } from '../table/mapped-table.ts';
import { isRoom } from './checks.ts';

interface DedupeArgs {
  readonly by: (row: never) => string | number;
  readonly within: { readonly rows?: number; readonly ms?: number };
  readonly capacity: number | undefined;
}

interface DedupeState {
  readonly count: number;
  /** What was given and is remembered, the oldest first, and when: as a place or a time. */
  readonly remembered: readonly (readonly [key: string | number, when: number])[];
}

/** A row is the same for so long after one that was given, not after one that was left out. */
export const dedupe = builtInStage<DedupeArgs, StageState<DedupeState>>({
  name: 'dedupe',
  check({ by, within, capacity = 1 }) {
    if (typeof by !== 'function') return 'a function of a row as by';
    const { rows, ms } = within ?? {};
    const isLong = rows === undefined ? typeof ms === 'number' && ms > 0 : isRoom(rows) && ms === undefined;
    if (!isLong) return 'how many rows or milliseconds as within';
    return isRoom(capacity) ? undefined : 'a capacity of one row or more';
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, now, reject } = context;
      const { by, within, capacity = 65_536 } = args;
      const span = within.rows ?? within.ms ?? 0;
      const remembered = new Map(from?.remembered);
      let count = keptCount(from?.count);
      const forget = (when: number): void => {
        for (const [key, then] of remembered) {
          if (when - then <= span) return;
          remembered.delete(key);
        }
      };
      return {
        take(row) {
          const place = count++;
          const when = within.rows === undefined ? now() : place;
          const key = called('dedupe', place, by, row);
          forget(when);
          if (remembered.has(key)) {
            reject('duplicate', 1);
            return noRow;
          }
          remembered.set(key, when);
          const [oldest] = remembered.keys();
          if (remembered.size > capacity && oldest !== undefined) remembered.delete(oldest);
          return row;
        },
        state: () => ({ count, remembered: [...remembered] }),
      };
    }),
  examples: [
    {
      args: { by: ({ x }: { readonly x: number }) => x, within: { rows: 2 }, capacity: undefined },
      rows: [[{ x: 1 }, { x: 1 }, { x: 2 }, { x: 1 }, { x: 2 }, { x: 2 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 1 }, { x: 2 }],
    },
    {
      args: { by: ({ x }: { readonly x: number }) => x, within: { ms: 1e9 }, capacity: 1 },
      rows: [[{ x: 1 }, { x: 1 }, { x: 2 }, { x: 1 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 1 }],
    },
  ],
});
