/** One row for each stretch of rows that follow each other. */
import type { RowContext } from '../../../dsl/dataset.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { RowDraws } from '../row-draws.ts';
import { builtInStage } from '../stage.ts';
import { calledNow } from '../table/mapped-table.ts';
import { isRoom } from './checks.ts';

interface WindowArgs {
  readonly size: number;
  readonly window: (rows: readonly never[], context: RowContext) => unknown;
  readonly shift: number;
  readonly stride: number;
  readonly dropRemainder: boolean;
}

interface WindowState {
  /** Rows from the beginning of the next window on. */
  readonly waiting: readonly unknown[];
  /** How many rows are to be passed over before it begins. */
  readonly skip: number;
  readonly given: number;
}

/** Window k holds the rows k · shift, k · shift + stride, …, as `window` of tf.data does. */
export const window = builtInStage<WindowArgs, StageState<WindowState>>({
  name: 'window',
  check({ size, window, shift, stride, dropRemainder }) {
    if (typeof window !== 'function') return 'a schema, a size, and a function of rows';
    if (!isRoom(size)) return 'a size of one row or more';
    if (!isRoom(shift)) return 'a shift of one row or more';
    if (!isRoom(stride)) return 'a stride of one row or more';
    return typeof dropRemainder === 'boolean' ? undefined : 'true or false as dropRemainder';
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, key, epoch, holds } = context;
      const { size, shift, stride, dropRemainder } = args;
      const span = (size - 1) * stride + 1;
      const draws = new RowDraws(key, epoch);
      const waiting = [...(from?.waiting ?? [])];
      let { skip, given } = from ?? { skip: 0, given: 0 };
      let ended = false;
      holds(() => waiting.length);
      return {
        take(row) {
          if (skip > 0) skip--;
          else waiting.push(row);
          return noRow;
        },
        more() {
          const isFull = waiting.length >= span;
          if (!isFull && (!ended || dropRemainder || waiting.length === 0)) return noRow;
          const rows = waiting.slice(0, span).filter((_, place) => place % stride === 0);
          skip = Math.max(0, shift - waiting.length);
          waiting.splice(0, shift);
          const at = given++;
          // The schema says that the rows are what the function takes.
          return calledNow('window', at, (these: never) => args.window(these, draws.at(at)), rows);
        },
        end() {
          ended = true;
        },
        state: () => ({ waiting: [...waiting], skip, given }),
      };
    }),
  examples: [
    {
      args: { size: 2, window: sumOf, shift: 2, stride: 1, dropRemainder: false },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      gives: [{ sum: 3 }, { sum: 7 }, { sum: 5 }],
      holds: 2,
    },
    {
      args: { size: 3, window: sumOf, shift: 1, stride: 1, dropRemainder: true },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      gives: [{ sum: 6 }, { sum: 9 }, { sum: 12 }],
      holds: 3,
    },
    {
      args: { size: 2, window: sumOf, shift: 4, stride: 2, dropRemainder: false },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }, { x: 6 }]],
      gives: [{ sum: 4 }, { sum: 5 }],
      holds: 3,
    },
  ],
});

function sumOf(rows: readonly { readonly x: number }[]): object {
  return { sum: rows.reduce((sum, { x }) => sum + x, 0) };
}
