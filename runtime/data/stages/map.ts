/** Rows under another schema, each computed from one by host code: anew in every epoch. */
import type { MapOptions, RowContext } from '../../../dsl/dataset.ts';
import type { AheadState } from '../../../dsl/row-ahead.ts';
import { noRow, RowAhead } from '../../../dsl/row-ahead.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { keptCount } from '../kept-count.ts';
import { isPending } from '../live/cursor.ts';
import { RowDraws } from '../row-draws.ts';
import { builtInStage } from '../stage.ts';
import { called, mappedTable } from '../table/mapped-table.ts';
import { isRoom } from './checks.ts';

interface MapArgs extends MapOptions {
  readonly map: (row: never, context: RowContext) => unknown;
}

interface MapState {
  /** How many rows were read. */
  readonly read: number;
  /** Rows whose calls were under way, and their places: they are called again. */
  readonly underWay: readonly { readonly row: unknown; readonly index: number }[];
  readonly rows: AheadState;
}

/** A call that has begun. Its promise never rejects: a failure is a value that is thrown when its turn comes. */
interface Call {
  readonly row: unknown;
  readonly index: number;
  readonly outcome: Promise<() => unknown>;
}

export const map = builtInStage<MapArgs, MapState>({
  name: 'map',
  check({ map, concurrency = 1, ordered = true }) {
    if (typeof map !== 'function') return 'a schema and a function of a row';
    if (!isRoom(concurrency)) return 'a concurrency of one call or more';
    return typeof ordered === 'boolean' ? undefined : 'true or false as ordered';
  },
  onTable({ table, view }, { args, schema, key }) {
    if (isAsync(args)) return undefined;
    return { kind: 'table', table: mappedTable(table, schema, args.map, key), view };
  },
  open({ args, epoch, from, open, key, holds }) {
    const { concurrency = 1, ordered = true } = args;
    const rows = new RowAhead(open, epoch, from?.rows);
    const draws = new RowDraws(key, epoch);
    let read = keptCount(from?.read);
    let closed = false;
    let ended = false;
    let failure: { readonly error: unknown } | undefined;
    const calls: Call[] = [];
    holds(() => calls.length + rows.waiting);

    const mapped = (row: unknown, index: number): unknown =>
      called('map', index, (given: never) => args.map(given, draws.at(index)), row);
    const begin = (row: unknown, index: number, result: unknown): void => {
      const outcome = Promise.resolve(result).then(
        (value) => () => value,
        (error: unknown) => () =>
          called(
            'map',
            index,
            () => {
              throw error;
            },
            row,
          ),
      );
      calls.push({ row, index, outcome });
    };
    const settled = async (): Promise<unknown> => {
      const first = ordered
        ? await calls[0]!.outcome.then((give) => ({ place: 0, give }))
        : await Promise.race(calls.map(({ outcome }, place) => outcome.then((give) => ({ place, give }))));
      if (closed) return endOfRows;
      calls.splice(first.place, 1);
      return first.give();
    };
    /** Reads on while there is room for calls, and gives the first result. */
    const later = async (): Promise<unknown> => {
      for (;;) {
        if (closed) return endOfRows;
        if (calls.length === concurrency || (ended && calls.length > 0)) return settled();
        if (failure) throw failure.error;
        if (ended) return endOfRows;
        try {
          const row = rows.take();
          if (row === noRow) {
            const outcomes = calls.slice(0, ordered ? 1 : calls.length).map(({ outcome }) => outcome);
            const hasCome = rows.coming?.then(() => true);
            const isNext = await Promise.race([
              hasCome,
              ...outcomes.map((outcome) => outcome.then(() => false)),
            ]);
            if (!isNext) return settled();
          } else if (row === endOfRows) {
            ended = true;
          } else {
            const index = read++;
            begin(row, index, mapped(row, index));
          }
        } catch (error) {
          // Rows before a failure are given first.
          ended = true;
          failure = { error };
        }
      }
    };
    for (const { row, index } of from?.underWay ?? []) begin(row, index, mapped(row, index));

    return {
      next() {
        if (calls.length > 0 || rows.coming || concurrency > 1) return later();
        const row = rows.take();
        if (row === noRow) return later();
        if (row === endOfRows) return endOfRows;
        const index = read++;
        const result = mapped(row, index);
        if (!isPending(result)) return result;
        begin(row, index, result);
        return settled();
      },
      state: () => ({
        read,
        underWay: calls.map(({ row, index }) => ({ row, index })),
        rows: rows.state(),
      }),
      close() {
        closed = true;
        rows.close();
      },
    };
  },
  examples: [
    {
      args: { map: ({ x }: { readonly x: number }) => ({ y: x * 2 }) },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]],
      gives: [{ y: 2 }, { y: 4 }, { y: 6 }],
    },
    {
      args: {
        map: async ({ x }: { readonly x: number }, { index, random }) => {
          await (x % 2 === 0 ? undefined : settled());
          return { x, index, draw: random() };
        },
        concurrency: 3,
      },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }]],
      holds: 4,
    },
    {
      args: {
        map: async ({ x }: { readonly x: number }) => {
          if (x % 2 === 1) await settled();
          return { y: x };
        },
        concurrency: 2,
        ordered: false,
      },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]],
      gives: [{ y: 1 }, { y: 2 }, { y: 3 }, { y: 4 }],
      holds: 3,
      unordered: true,
    },
  ],
});

/** For the examples: a promise that is kept in a later turn of the event loop. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An async function, or one that is to be called as such. */
function isAsync({ map, concurrency }: MapArgs): boolean {
  return concurrency !== undefined || map.constructor.name === 'AsyncFunction';
}
