/** One row for each item of the lists in a row. */
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';
import { isArrayLike } from '../write-value.ts';

interface UnbatchArgs {
  readonly lists: readonly { readonly name: string; readonly length: number; readonly isBool: boolean }[];
}

interface UnbatchState {
  /** The row of which some items were given, and how many. */
  readonly current: { readonly row: unknown; readonly given: number } | undefined;
}

/** Values that are no lists are repeated. */
export const unbatch = builtInStage<UnbatchArgs, StageState<UnbatchState>>({
  name: 'unbatch',
  check: ({ lists }) =>
    new Set(lists.map(({ length }) => length)).size === 1
      ? undefined
      : 'columns that are lists, and all of one length',
  open: (context) =>
    stageCursor(context, (from) => {
      const { lists } = context.args;
      const [{ length } = { length: 0 }] = lists;
      let { current } = from ?? { current: undefined };
      context.holds(() => (current ? 1 : 0));
      return {
        take(row) {
          current = { row, given: 0 };
          return noRow;
        },
        more() {
          if (!current || current.given === length) {
            current = undefined;
            return noRow;
          }
          const { row, given } = current;
          current = { row, given: given + 1 };
          const items = lists.map(({ name, isBool }) => {
            const item = itemOf(Reflect.get(Object(row), name), given, length);
            return [name, isBool ? Boolean(item) : item];
          });
          return Object.assign({}, row, Object.fromEntries(items));
        },
        state: () => ({ current }),
      };
    }),
  examples: [
    {
      args: {
        lists: [
          { name: 'v', length: 2, isBool: false },
          { name: 'm', length: 2, isBool: false },
        ],
      },
      rows: [[{ v: [1, 2], m: [1, 2, 3, 4], k: 7 }]],
      gives: [
        { v: 1, m: [1, 2], k: 7 },
        { v: 2, m: [3, 4], k: 7 },
      ],
    },
  ],
});

/** A list holds its items, or the numbers of all of them one after the other. */
function itemOf(list: unknown, at: number, length: number): unknown {
  if (!isArrayLike(list)) return undefined;
  if (list.length <= length) return list[at];
  const width = list.length / length;
  return Array.prototype.slice.call(list, at * width, (at + 1) * width);
}
