/** Makes the cursor of a stage over one other from what it does with a row, so that waiting, resting and closing are written once. */
import type { AheadState } from './row-ahead.ts';
import { noRow, RowAhead } from './row-ahead.ts';
import type { Cursor, StageContext } from './stage.ts';
import { endOfRows } from './stage.ts';

/** The state of a cursor that `stageCursor` made: the stage's own, beside that of the rows before it. */
export interface StageState<Own> extends AheadState {
  readonly own: Own;
}

/** What a stage does. All but `take` and `state` may be left out. */
export interface StageSteps<Own> {
  /** Takes a row and gives the one to go on, or `noRow`, or `endOfRows` where no more are to be read. */
  take(row: unknown): unknown;
  /**
   * Asked before each row is read: a row that is ready, `noRow`, or a promise, after which it is asked again. Once the rows
   * have ended it is asked until it gives `noRow`.
   */
  more?(): unknown;
  /** No row comes any more. */
  end?(): void;
  /** Plain data from which these steps go on: what was taken and not given is part of it. */
  state(): Own;
  /** How long a row is waited for before `lull` is called, in milliseconds; undefined: as long as it takes. */
  patience?(): number | undefined;
  /** No row came for so long. `more` is asked next. */
  lull?(): void;
  /** The rows are not wanted any more. */
  close?(): void;
}

/**
 * The cursor of a stage: `open: (context) => stageCursor(context, (from) => steps)`, where `from` is what `state` of the
 * steps gave.
 *
 * ```ts
 * open: (context) =>
 *   stageCursor(context, (from) => {
 *     let place = from?.place ?? 0;
 *     return {
 *       take: (row) => (place++ % 2 === context.args.from ? row : noRow),
 *       state: () => ({ place }),
 *     };
 *   }),
 * ```
 */
export function stageCursor<Own>(
  {
    open,
    epoch,
    from,
    rest,
  }: Pick<StageContext<unknown, StageState<Own>>, 'open' | 'epoch' | 'from' | 'rest'>,
  make: (from: Own | undefined) => StageSteps<Own>,
): Cursor<StageState<Own>> {
  const steps = make(from?.own);
  const rows = new RowAhead(open, epoch, from);
  let closed = false;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  /** Whether a row was read since one was given, and whether others ran since then. */
  let isReading = false;
  let isRested = false;
  /** Ends the present wait. */
  let wake: (() => void) | undefined;
  let awaited: Promise<void> | undefined;

  const given = (row: unknown): unknown => {
    isReading = false;
    if (row === endOfRows && !ended) {
      ended = true;
      rows.close();
    }
    return row;
  };

  /** Until a wait is over, or the rows are closed. Promises that are long in coming are listened to once. */
  const untilKept = (promise: Promise<unknown>): Promise<void> =>
    new Promise((resolve, reject) => {
      wake = resolve;
      promise.then(() => resolve(), reject);
    });
  const untilCome = (coming: Promise<void>): Promise<void> => {
    const patience = steps.patience?.();
    if (patience === undefined) return coming;
    if (awaited !== coming) {
      awaited = coming;
      void coming.then(() => wake?.());
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (!closed) steps.lull?.();
        resolve();
      }, patience);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };

  /** Rows that are ready are given before a failure. What waits for others stays in the state, from which a run goes on. */
  const read = (): unknown => {
    let row: unknown;
    try {
      row = rows.take();
    } catch (error) {
      ended = true;
      failure = { error };
      return endOfRows;
    }
    if (row === endOfRows) {
      ended = true;
      steps.end?.();
    }
    return row;
  };

  /** A row, the end, or a promise, after which to try again. */
  const attempt = (): unknown => {
    for (;;) {
      if (closed) return endOfRows;
      const ready = steps.more ? steps.more() : noRow;
      if (ready instanceof Promise) return untilKept(ready);
      if (ready !== noRow) return given(ready);
      if (failure) throw failure.error;
      if (ended) return endOfRows;
      const resting = isReading && !isRested ? rest() : undefined;
      isRested = resting !== undefined;
      if (resting) return resting;
      const row = read();
      if (row === noRow && rows.coming) return untilCome(rows.coming);
      isReading = true;
      if (ended) continue;
      const taken = steps.take(row);
      if (taken !== noRow) return given(taken);
    }
  };
  const later = async (first: Promise<unknown>): Promise<unknown> => {
    for (let waiting = first; ; ) {
      await waiting;
      const row = attempt();
      if (!(row instanceof Promise)) return row;
      waiting = row;
    }
  };

  return {
    next() {
      const row = attempt();
      return row instanceof Promise ? later(row) : row;
    },
    state: () => ({ own: steps.state(), ...rows.state() }),
    close() {
      closed = true;
      steps.close?.();
      rows.close();
      wake?.();
    },
  };
}
