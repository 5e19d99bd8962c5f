/** As many rows as host code makes of each one. */
import type { RowContext } from '../../../dsl/dataset.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { RowDraws } from '../row-draws.ts';
import { builtInStage } from '../stage.ts';
import { called, calledNow } from '../table/mapped-table.ts';
import { rowsIn } from './checks.ts';

interface FlatMapArgs {
  readonly flatMap: (row: never, context: RowContext) => unknown;
}

interface FlatMapState {
  /** How many rows were read. */
  readonly read: number;
  /** The row of which some were given, and how many: it is asked about again. */
  readonly current: { readonly row: unknown; readonly given: number } | undefined;
}

/** What the function gives is read as it is needed, so it may be large; made of one row, it must be the same again. */
export const flatMap = builtInStage<FlatMapArgs, StageState<FlatMapState>>({
  name: 'flatMap',
  check: ({ flatMap }) => (typeof flatMap === 'function' ? undefined : 'a schema and a function of a row'),
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, key, epoch, holds } = context;
      const draws = new RowDraws(key, epoch);
      let { read, current } = from ?? { read: 0, current: undefined };
      let items: Iterator<unknown> | undefined;
      holds(() => (current ? 1 : 0));
      const itemsOf = (row: unknown, given: number): Iterator<unknown> => {
        const at = read - 1;
        const made = calledNow('flatMap', at, (one: never) => args.flatMap(one, draws.at(at)), row);
        const opened = rowsIn('flatMap', made)[Symbol.iterator]();
        for (let place = 0; place < given; place++) opened.next();
        return opened;
      };
      return {
        take(row) {
          read++;
          current = { row, given: 0 };
          return noRow;
        },
        more() {
          if (!current) return noRow;
          const { row, given } = current;
          const from = items ?? itemsOf(row, given);
          const { done, value } = called('flatMap', read - 1, () => from.next(), row);
          items = done ? undefined : from;
          current = done ? undefined : { row, given: given + 1 };
          return done ? noRow : value;
        },
        state: () => ({ read, current }),
        close: () => void items?.return?.(),
      };
    }),
  examples: [
    {
      args: {
        *flatMap({ x }: { readonly x: number }, { index }: RowContext) {
          for (let y = 0; y < x; y++) yield { y, index };
        },
      },
      rows: [[{ x: 2 }, { x: 0 }, { x: 1 }]],
      gives: [
        { y: 0, index: 0 },
        { y: 1, index: 0 },
        { y: 0, index: 2 },
      ],
    },
    { args: { flatMap: () => [] }, rows: [[{ x: 1 }, { x: 2 }]], gives: [] },
  ],
});
