/** The last row of each flurry: one after which none came for a while. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';

interface DebounceArgs {
  readonly ms: number;
}

interface DebounceState {
  /** The row that may be the last, in a list of its own. */
  readonly held: readonly unknown[];
  readonly isReady: boolean;
}

/** The last row of all is given when the rows end. */
export const debounce = builtInStage<DebounceArgs, StageState<DebounceState>>({
  name: 'debounce',
  check: ({ ms }) => (Number.isFinite(ms) && ms > 0 ? undefined : 'milliseconds above 0'),
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, reject, holds } = context;
      let { held, isReady } = from ?? { held: [], isReady: false };
      holds(() => held.length);
      const isCalm = (): void => {
        isReady = held.length > 0;
      };
      return {
        take(row) {
          if (held.length > 0) reject('debounced', 1);
          held = [row];
          return noRow;
        },
        more() {
          if (!isReady) return noRow;
          const [row] = held;
          held = [];
          isReady = false;
          return row;
        },
        patience: () => (held.length > 0 ? args.ms : undefined),
        lull: isCalm,
        end: isCalm,
        state: () => ({ held, isReady }),
      };
    }),
  examples: [
    { args: { ms: 10_000 }, rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]], gives: [{ x: 3 }] },
    { args: { ms: 10_000 }, rows: [[]], gives: [] },
  ],
});
