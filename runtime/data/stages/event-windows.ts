/** Rows of windows of event time, each given when the watermark comes to its end. */
import { DAT714 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { EventWindow } from '../../../dsl/event-time.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import type { ClosedWindow, Key, TimedRow, Windowing } from '../event-time/open-windows.ts';
import { OpenWindows } from '../event-time/open-windows.ts';
import { builtInStage } from '../stage.ts';
import { called, calledNow } from '../table/mapped-table.ts';
import { valueText } from '../value-text.ts';

interface EventWindowsArgs {
  readonly time: (row: never) => number;
  readonly lateness: number;
  readonly idle?: number | undefined;
  readonly onLate?: 'drop' | ((row: never) => void) | undefined;
  readonly size?: number;
  readonly every?: number;
  readonly gap?: number;
  readonly key?: ((row: never) => Key) | undefined;
  readonly window: (rows: readonly never[], window: EventWindow) => unknown;
}

interface EventWindowsState {
  readonly read: number;
  /** The latest time seen, and the time before which no more rows are expected. */
  readonly latest: number;
  readonly watermark: number;
  /** In windows that are open, as they came. */
  readonly rows: readonly TimedRow[];
  /** Windows that are over and not given yet. */
  readonly due: readonly ClosedWindow[];
  readonly given: number;
}

const beginning: EventWindowsState = {
  read: 0,
  latest: Number.NEGATIVE_INFINITY,
  watermark: Number.NEGATIVE_INFINITY,
  rows: [],
  due: [],
  given: 0,
};

const isSpan = (ms: unknown): boolean => typeof ms === 'number' && Number.isFinite(ms) && ms > 0;

/** Whatever is read, the windows that it brings to their ends are given before more is read. */
export const eventWindows = builtInStage<EventWindowsArgs, StageState<EventWindowsState>>({
  name: 'watermark',
  check({ time, lateness, idle, onLate = 'drop', size, every, gap, key, window }) {
    if (typeof time !== 'function') return 'a function of a row as time';
    if (!(Number.isFinite(lateness) && lateness >= 0)) return 'milliseconds from 0 as lateness';
    if (idle !== undefined && !isSpan(idle)) return 'milliseconds above 0 as idle';
    if (onLate !== 'drop' && typeof onLate !== 'function') return "'drop' or a function of a row as onLate";
    if (gap === undefined ? !isSpan(size) || !isSpan(every) : !isSpan(gap))
      return 'windows of more than 0 milliseconds';
    if (key !== undefined && typeof key !== 'function') return 'a function of a row as key';
    return typeof window === 'function' ? undefined : 'a schema, a size, and a function of rows';
  },
  open: (context) =>
    stageCursor(context, (from = beginning) => {
      const { args, now, reject, holds } = context;
      const { lateness, idle, onLate, key, time } = args;
      let { read, latest, watermark, due, given } = from;
      const windows = new OpenWindows(windowingOf(args), from.rows, watermark);
      let since = now();
      holds(() => windows.size);

      const advance = (to: number): void => {
        watermark = Math.max(watermark, to);
        due = [...due, ...windows.close(watermark)];
      };
      return {
        take(row) {
          const at = read++;
          since = now();
          const timed: TimedRow = {
            row,
            time: finite(called('watermark', at, time, row)),
            key: key && called('watermark', at, key, row),
          };
          if (!windows.add(timed, watermark) && isLate(timed, args, watermark)) {
            reject('late', 1);
            if (typeof onLate === 'function') called('watermark', at, onLate, row);
          }
          latest = Math.max(latest, timed.time);
          advance(latest - lateness);
          return noRow;
        },
        more() {
          const [first, ...rest] = due;
          if (!first) return noRow;
          due = rest;
          const { rows, ...window } = first;
          return calledNow('watermark', given++, (these: never) => args.window(these, window), rows);
        },
        end: () => advance(Number.POSITIVE_INFINITY),
        patience: () => (windows.size > 0 ? idle : undefined),
        lull: () => advance(latest + (now() - since) - lateness),
        state: () => ({ read, latest, watermark, rows: windows.rows, due, given }),
      };
    }),
  examples: [
    {
      args: {
        time: ({ at }: { readonly at: number }) => at,
        lateness: 10,
        size: 10,
        every: 10,
        window: (rows: readonly { readonly at: number }[], { start, end }) => ({
          start,
          end,
          times: rows.map(({ at }) => at),
        }),
      },
      rows: [[3, 12, 7, 25, 19, 31, 2, 60].map((at) => ({ at }))],
      gives: [
        { start: 0, end: 10, times: [3, 7] },
        { start: 10, end: 20, times: [12, 19] },
        { start: 20, end: 30, times: [25] },
        { start: 30, end: 40, times: [31] },
        { start: 60, end: 70, times: [60] },
      ],
      holds: 4,
    },
    {
      args: {
        time: ({ at }: { readonly at: number }) => at,
        lateness: 5,
        size: 10,
        every: 5,
        key: ({ at }: { readonly at: number }) => at % 2,
        window: (rows: readonly object[], { start, key }) => ({ start, key, count: rows.length }),
      },
      rows: [[1, 8, 5, 13, 22].map((at) => ({ at }))],
      gives: [
        { start: -5, key: 1, count: 1 },
        { start: 0, key: 0, count: 1 },
        { start: 0, key: 1, count: 2 },
        { start: 5, key: 0, count: 1 },
        { start: 5, key: 1, count: 2 },
        { start: 10, key: 1, count: 1 },
        { start: 15, key: 0, count: 1 },
        { start: 20, key: 0, count: 1 },
      ],
      holds: 4,
    },
    {
      args: {
        time: ({ at }: { readonly at: number }) => at,
        lateness: 20,
        gap: 5,
        window: (rows: readonly object[], { start, end }) => ({ start, end, count: rows.length }),
      },
      rows: [[10, 18, 1, 14, 40, 44, 100].map((at) => ({ at }))],
      gives: [
        { start: 1, end: 6, count: 1 },
        { start: 10, end: 23, count: 3 },
        { start: 40, end: 49, count: 2 },
        { start: 100, end: 105, count: 1 },
      ],
      holds: 5,
    },
  ],
});

function windowingOf({ size = 0, every = 0, gap }: EventWindowsArgs): Windowing {
  return gap === undefined ? { size, every } : { gap };
}

/** A row between two windows is in none, and late for none. */
function isLate(
  { time }: TimedRow,
  { size = 0, every = 0, gap }: EventWindowsArgs,
  watermark: number,
): boolean {
  if (gap !== undefined) return true;
  const end = Math.floor(time / every) * every + size;
  return end > time && end <= watermark;
}

function finite(time: unknown): number {
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  return refuse(
    DAT714({
      message: 'the time of a row is no number of milliseconds',
      span: nowhere,
      expected: 'milliseconds since 1970',
      received: valueText(time),
    }),
  );
}
