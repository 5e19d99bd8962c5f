/** Rows in random order: permuted whole where they are in memory, through a bounded buffer where they come as they please. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { keptCount } from '../kept-count.ts';
import { mix } from '../mix.ts';
import { builtInStage } from '../stage.ts';
import { shuffled } from '../table/build-view.ts';
import { isRoom } from './checks.ts';

interface ShuffleArgs {
  readonly seed: number | undefined;
  readonly buffer: number;
}

interface ShuffleState {
  /** Rows in the buffer. */
  readonly waiting: readonly unknown[];
  readonly given: number;
}

/** The buffer is filled before the first row is given; each choice is counter-based. A failure leaves the buffer as it is. */
export const shuffle = builtInStage<ShuffleArgs, StageState<ShuffleState>>({
  name: 'shuffle',
  check({ seed, buffer }) {
    if (!isRoom(buffer)) return 'a buffer of one row or more';
    return seed === undefined || Number.isSafeInteger(seed) ? undefined : 'a whole number as seed';
  },
  onTable: ({ table, view }, { key }) => ({ kind: 'table', table, view: shuffled(view, key) }),
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, key, epoch, holds } = context;
      const waiting: unknown[] = [...(from?.waiting ?? [])];
      let given = keptCount(from?.given);
      let ended = false;
      holds(() => waiting.length);
      return {
        take(row) {
          waiting.push(row);
          return noRow;
        },
        more() {
          if (waiting.length === 0 || (waiting.length < args.buffer && !ended)) return noRow;
          const place = mix(...key, epoch, given++) % waiting.length;
          const row = waiting[place];
          const last = waiting.pop();
          if (place < waiting.length) waiting[place] = last;
          return row;
        },
        end() {
          ended = true;
        },
        state: () => ({ waiting: [...waiting], given }),
      };
    }),
  examples: [
    {
      args: { seed: undefined, buffer: 3 },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      holds: 3,
    },
    { args: { seed: 2, buffer: 100 }, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]], holds: 3 },
  ],
});
