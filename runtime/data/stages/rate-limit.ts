/** Rows that come no faster than is allowed. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';
import { isRoom } from './checks.ts';

interface RateLimitArgs {
  readonly rows: number;
  readonly per: number;
}

/** The times of the last rows are remembered from epoch to epoch; a run that is gone on with begins anew. */
export const rateLimit = builtInStage<RateLimitArgs, StageState<null>>({
  name: 'rateLimit',
  check({ rows, per }) {
    if (!isRoom(rows)) return 'one row or more as rows';
    return Number.isFinite(per) && per > 0 ? undefined : 'milliseconds above 0 as per';
  },
  open: (context) =>
    stageCursor(context, () => {
      const { args, memory, now } = context;
      const times = timesIn(memory);
      let hasWaited = false;
      let timer: NodeJS.Timeout | undefined;
      return {
        more() {
          const [oldest = now()] = times;
          const wait = times.length < args.rows || hasWaited ? 0 : oldest + args.per - now();
          if (wait <= 0) return noRow;
          return new Promise<void>((resolve) => {
            // A clock that is not the timer's may say that it is not time yet: it has waited all the same.
            hasWaited = true;
            timer = setTimeout(resolve, wait);
          });
        },
        take(row) {
          hasWaited = false;
          times.push(now());
          if (times.length > args.rows) times.shift();
          return row;
        },
        state: () => null,
        close: () => clearTimeout(timer),
      };
    }),
  examples: [
    {
      args: { rows: 2, per: 1e-3 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 3 }],
    },
    { args: { rows: 1, per: 2 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }] },
  ],
});

function timesIn(memory: Map<string, unknown>): number[] {
  const before = memory.get('times');
  const times = Array.isArray(before) ? before : [];
  memory.set('times', times);
  return times;
}
