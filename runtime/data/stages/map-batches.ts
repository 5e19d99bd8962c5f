/** Rows that host code makes of several rows at a time. */
import type { RowContext } from '../../../dsl/dataset.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { isPending } from '../live/cursor.ts';
import { RowDraws } from '../row-draws.ts';
import { builtInStage } from '../stage.ts';
import { called } from '../table/mapped-table.ts';
import { isRoom, rowsIn } from './checks.ts';

interface MapBatchesArgs {
  readonly size: number;
  readonly map: (rows: readonly never[], context: RowContext) => unknown;
}

interface MapBatchesState {
  /** Rows that wait until there are enough, or whose call is under way: it is made again. */
  readonly waiting: readonly unknown[];
  /** What a call gave and is not given on. */
  readonly results: readonly unknown[];
  readonly calls: number;
}

/** One call at a time. */
export const mapBatches = builtInStage<MapBatchesArgs, StageState<MapBatchesState>>({
  name: 'mapBatches',
  check({ size, map }) {
    if (typeof map !== 'function') return 'a schema, a size, and a function of rows';
    return isRoom(size) ? undefined : 'a size of one row or more';
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, key, epoch, holds } = context;
      const draws = new RowDraws(key, epoch);
      let { waiting, results, calls } = from ?? { waiting: [], results: [], calls: 0 };
      let ended = false;
      let closed = false;
      holds(() => waiting.length + results.length);
      const keep = (made: unknown): void => {
        results = [...rowsIn('mapBatches', made)];
        waiting = [];
        calls++;
      };
      const kept = async (made: Promise<unknown>): Promise<void> => {
        let result: () => unknown;
        try {
          const value = await made;
          result = () => value;
        } catch (error) {
          result = () => {
            throw error;
          };
        }
        // What comes of a call after the end is made again.
        if (!closed) keep(called('mapBatches', calls, result, undefined));
      };
      return {
        take(row) {
          waiting = [...waiting, row];
          return noRow;
        },
        more() {
          if (results.length === 0 && waiting.length > 0 && (ended || waiting.length >= args.size)) {
            const made = called(
              'mapBatches',
              calls,
              (rows: never) => args.map(rows, draws.at(calls)),
              waiting,
            );
            if (isPending(made)) return kept(made);
            keep(made);
          }
          if (results.length === 0) return noRow;
          const [first, ...rest] = results;
          results = rest;
          return first;
        },
        end() {
          ended = true;
        },
        state: () => ({ waiting, results, calls }),
        close() {
          closed = true;
        },
      };
    }),
  examples: [
    {
      args: {
        size: 2,
        map: (rows: readonly { readonly x: number }[], { index }) => rows.map(({ x }) => ({ x, index })),
      },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]],
      gives: [
        { x: 1, index: 0 },
        { x: 2, index: 0 },
        { x: 3, index: 1 },
      ],
      holds: 2,
    },
    {
      args: {
        size: 2,
        async map(rows: readonly { readonly x: number }[]) {
          await new Promise((resolve) => setImmediate(resolve));
          return rows.filter(({ x }) => x % 2 === 1);
        },
      },
      rows: [[{ x: 2 }, { x: 4 }, { x: 3 }, { x: 5 }, { x: 7 }]],
      gives: [{ x: 3 }, { x: 5 }, { x: 7 }],
      holds: 2,
    },
  ],
});
