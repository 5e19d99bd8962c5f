/** A stage that leaves out every second row. */
import type { StageState } from 'millrace/op';
import { defineStage, noRow, stageCursor } from 'millrace/op';

export interface EveryOtherOptions {
  /** Which row is the first to be given. Default 0. */
  readonly from?: number;
}

/** What is kept with a checkpoint: how many rows were read. */
export interface EveryOtherState {
  readonly place: number;
}

/** Every second row: `data.through(everyOther({ from: 1 }))`. */
export const everyOther = defineStage<EveryOtherOptions, StageState<EveryOtherState>>({
  name: 'everyOther',
  check: ({ from = 0 }) => (from === 0 || from === 1 ? undefined : '0 or 1 as from'),
  open: (context) =>
    stageCursor(context, (before) => {
      const { from = 0 } = context.args;
      let place = before?.place ?? 0;
      return {
        take: (row) => (place++ % 2 === from ? row : noRow),
        state: () => ({ place }),
      };
    }),
  examples: [
    { args: { from: 1 }, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]], gives: [{ x: 2 }, { x: 4 }] },
  ],
});
