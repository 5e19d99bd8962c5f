/** Rows beside those of a table that agree with them. */

import { noRow } from '../../../dsl/row-ahead.ts';
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';

interface JoinArgs {
  readonly on: readonly string[];
  readonly kind: 'inner' | 'left' | undefined;
  readonly otherwise: object | undefined;
  /** Columns that both have and that are not among `on`. */
  readonly clash: readonly string[];
  readonly isScalar: boolean;
  readonly isBounded: boolean;
}

interface JoinState {
  /** The row of which some matches were given, and how many. */
  readonly current: { readonly row: unknown; readonly given: number } | undefined;
}

type Matches = ReadonlyMap<unknown, readonly unknown[]>;

/** The table is read when the first row is asked for, and kept for the run. */
export const join = builtInStage<JoinArgs, StageState<JoinState>>({
  name: 'join',
  check({ on, kind = 'inner', otherwise, clash, isScalar, isBounded }) {
    if (clash.length > 0) return `a table that has no column ${clash.join(', ')} besides those of on`;
    if (on.length === 0 || !isScalar) return 'columns with one value a row as on';
    if (!isBounded) return 'a table that ends, such as .take(1000)';
    if (kind !== 'inner' && kind !== 'left') return "'inner' or 'left' as kind";
    return kind === 'left' && otherwise === undefined ? 'a row as otherwise' : undefined;
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, memory, upstream, rest, reject, holds } = context;
      const { on, kind, otherwise } = args;
      let { current } = from ?? { current: undefined };
      let table: Cursor | undefined;
      let closed = false;
      const before = memory.get('matches');
      let matches: Matches | undefined = before instanceof Map ? before : undefined;
      holds(() => (current ? 1 : 0));
      const load = async (): Promise<void> => {
        const rows = upstream[1]?.(0);
        if (!rows) return;
        table = rows;
        const found = new Map<unknown, unknown[]>();
        for (let row = await rows.next(); row !== endOfRows; row = await rows.next()) {
          const key = keyOf(row, on);
          const same = found.get(key);
          if (same) same.push(row);
          else found.set(key, [row]);
          await rest();
        }
        // The end of a table that was closed is none.
        if (closed) return;
        rows.close();
        matches = found;
        memory.set('matches', found);
      };
      return {
        more() {
          if (!matches) return load();
          if (!current) return noRow;
          const { row, given } = current;
          const found = matches.get(keyOf(row, on)) ?? (kind === 'left' ? [otherwise] : []);
          current = given < found.length ? { row, given: given + 1 } : undefined;
          if (found.length === 0) reject('unmatched', 1);
          return current ? Object.assign({}, found[given], row) : noRow;
        },
        take(row) {
          current = { row, given: 0 };
          return noRow;
        },
        state: () => ({ current }),
        close() {
          closed = true;
          table?.close();
        },
      };
    }),
  examples: [
    {
      args: { on: ['id'], kind: 'inner', otherwise: undefined, clash: [], isScalar: true, isBounded: true },
      rows: [
        [{ id: 1 }, { id: 9 }, { id: 2 }, { id: 1 }],
        [
          { id: 1, y: 5 },
          { id: 2, y: 6 },
          { id: 1, y: 7 },
        ],
      ],
      gives: [
        { id: 1, y: 5 },
        { id: 1, y: 7 },
        { id: 2, y: 6 },
        { id: 1, y: 5 },
        { id: 1, y: 7 },
      ],
    },
    {
      args: {
        on: ['a', 'b'],
        kind: 'left',
        otherwise: { y: 0 },
        clash: [],
        isScalar: true,
        isBounded: true,
      },
      rows: [
        [
          { a: 1, b: 'x' },
          { a: 1, b: 'y' },
        ],
        [{ a: 1, b: 'x', y: 5 }],
      ],
      gives: [
        { a: 1, b: 'x', y: 5 },
        { a: 1, b: 'y', y: 0 },
      ],
    },
  ],
});

function keyOf(row: unknown, on: readonly string[]): unknown {
  const values = on.map((name): unknown => Reflect.get(Object(row), name));
  return values.length === 1 ? values[0] : JSON.stringify(values);
}
