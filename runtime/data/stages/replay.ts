/** Rows of a stream with some of the earlier ones again: experience replay, from a sample of bounded size. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { mix } from '../mix.ts';
import { builtInStage } from '../stage.ts';
import { isRoom } from './checks.ts';

interface ReplayArgs {
  readonly buffer: number;
  readonly rate: number;
  readonly seed: number | undefined;
}

interface ReplayState {
  readonly seen: number;
  /** Of the rows that were seen, each with the same chance. */
  readonly kept: readonly unknown[];
  /** What is to be given again before the next row is read. */
  readonly again: readonly unknown[];
}

/**
 * What is kept is a uniform sample of all rows so far (Vitter 1985, "Random sampling with a reservoir", algorithm R). A row is
 * never among those that are given after it. All draws are by the row's place.
 */
export const replay = builtInStage<ReplayArgs, StageState<ReplayState>>({
  name: 'replay',
  check({ buffer, rate, seed }) {
    if (!isRoom(buffer)) return 'a buffer of one row or more';
    if (!(rate >= 0 && rate <= 1e6)) return 'a rate from 0 to 1000000';
    return seed === undefined || Number.isSafeInteger(seed) ? undefined : 'a whole number as seed';
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, key, epoch } = context;
      const { buffer, rate, seed } = args;
      const own = seed === undefined ? key : [seed, ...key.slice(1)];
      const kept: unknown[] = [...(from?.kept ?? [])];
      let again: unknown[] = [...(from?.again ?? [])];
      let seen = from?.seen ?? 0;
      /** The `at`th draw for a row: from 0 up to 2³². */
      const draw = (row: number, at: number): number => mix(...own, epoch, row, at);
      return {
        take(row) {
          const place = seen++;
          const extra = draw(place, 0) / 0x1_0000_0000 < rate % 1 ? 1 : 0;
          const times = kept.length > 0 ? Math.floor(rate) + extra : 0;
          again = Array.from({ length: times }, (_, at) => kept[draw(place, 2 + at) % kept.length]);
          const slot = place < buffer ? place : draw(place, 1) % seen;
          if (slot < buffer) kept[slot] = row;
          return row;
        },
        more: () => (again.length > 0 ? again.shift() : noRow),
        state: () => ({ seen, kept: [...kept], again: [...again] }),
      };
    }),
  examples: [
    {
      args: { buffer: 2, rate: 1.5, seed: undefined },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
    },
    {
      args: { buffer: 1, rate: 1, seed: 3 },
      rows: [[{ x: 1 }, { x: 2 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 1 }],
    },
    { args: { buffer: 9, rate: 0, seed: 3 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 1 }, { x: 2 }] },
  ],
});
