/** The rows over and over. */
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { keptCount } from '../kept-count.ts';
import { isPending } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isCount } from './checks.ts';

interface RepeatArgs {
  readonly times: number;
}

interface RepeatState {
  /** How many rounds were begun. */
  readonly rounds: number;
  /** Rows given in the present one. */
  readonly given: number;
  /** The state of the present round; absent where none is open. */
  readonly rows?: unknown;
}

/** Each round is its own epoch of what lies below. A round without rows ends the repetition. */
export const repeat = builtInStage<RepeatArgs, RepeatState>({
  name: 'repeat',
  check: ({ times }) => (isCount(times) ? undefined : 'a whole number of times'),
  onTable: ({ table, view }, { args }) => ({
    kind: 'table',
    table,
    view: { kind: 'rounds', of: view, times: args.times },
  }),
  open({ args: { times }, epoch, from, open }) {
    const first = Number.isFinite(times) ? epoch * times : 0;
    let rounds = keptCount(from?.rounds);
    let given = keptCount(from?.given);
    let closed = false;
    let current: Cursor | undefined =
      from && 'rows' in from ? open(first + rounds - 1, from.rows) : undefined;
    /** The round to read from: the present one, or the next. */
    const entered = (): Cursor | undefined => {
      if (current) return current;
      if (closed || rounds >= times || (rounds > 0 && given === 0)) return undefined;
      given = 0;
      current = open(first + rounds++);
      return current;
    };
    const left = (): void => {
      current?.close();
      current = undefined;
    };
    const later = async (waiting: Promise<unknown>): Promise<unknown> => {
      let row = await waiting;
      while (row === endOfRows) {
        // Closed while it waited: the round is not over.
        if (closed) return endOfRows;
        left();
        const round = entered();
        if (!round) return endOfRows;
        row = await round.next();
      }
      given++;
      return row;
    };
    return {
      next() {
        for (let round = entered(); round; round = entered()) {
          const row = round.next();
          if (isPending(row)) return later(row);
          if (row !== endOfRows) {
            given++;
            return row;
          }
          if (closed) break;
          left();
        }
        return endOfRows;
      },
      state: () => ({ rounds, given, ...(current && { rows: current.state() }) }),
      close() {
        closed = true;
        current?.close();
      },
    };
  },
  examples: [
    {
      args: { times: 3 },
      rows: [[{ x: 1 }, { x: 2 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 1 }, { x: 2 }, { x: 1 }, { x: 2 }],
    },
    { args: { times: Number.POSITIVE_INFINITY }, rows: [[]], gives: [] },
  ],
});
