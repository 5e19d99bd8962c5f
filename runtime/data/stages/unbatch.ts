/** One row for each item of the lists in a row. */
import { DAT707 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';
import { isArrayLike } from '../write-value.ts';

interface UnbatchArgs {
  readonly lists: readonly List[];
}

interface List {
  readonly name: string;
  /** `T` of a sequence: as many as there are in the row. */
  readonly length: number | 'T';
  readonly isBool: boolean;
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
      let length = 0;
      let { current } = from ?? { current: undefined };
      if (current) length = lengthIn(current.row, lists);
      context.holds(() => (current ? 1 : 0));
      return {
        take(row) {
          current = { row, given: 0 };
          length = lengthIn(row, lists);
          return noRow;
        },
        more() {
          if (!current || current.given >= length) {
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
    {
      args: {
        lists: [
          { name: 'v', length: 'T', isBool: false },
          { name: 'm', length: 'T', isBool: false },
        ],
      },
      rows: [
        [
          { v: [1, 2, 3], m: [[1], [2], [3]], k: 7 },
          { v: [], m: [], k: 8 },
          { v: [4], m: [[9]], k: 9 },
        ],
      ],
      gives: [
        { v: 1, m: [1], k: 7 },
        { v: 2, m: [2], k: 7 },
        { v: 3, m: [3], k: 7 },
        { v: 4, m: [9], k: 9 },
      ],
    },
  ],
});

/** How many items the lists of a row have. */
function lengthIn(row: unknown, lists: readonly List[]): number {
  const lengths = lists.map(({ name, length }): number => {
    if (length !== 'T') return length;
    const list: unknown = Reflect.get(Object(row), name);
    return isArrayLike(list) ? list.length : 0;
  });
  const [first = 0] = lengths;
  if (lengths.every((length) => length === first)) return first;
  return refuse(
    DAT707({
      message: 'the sequences of a row that is unbatched differ in length',
      span: nowhere,
      expected: `${first} items in each`,
      received: lists.map(({ name }, at) => `${name}: ${lengths[at]}`).join(', '),
    }),
  );
}

/** A list holds its items, or the numbers of all of them one after the other. */
function itemOf(list: unknown, at: number, length: number): unknown {
  if (!isArrayLike(list)) return undefined;
  if (list.length <= length) return list[at];
  const width = list.length / length;
  return Array.prototype.slice.call(list, at * width, (at + 1) * width);
}
