/** Rows in random order: permuted whole where they are in memory, through a bounded buffer where they come as they please. */
import { endOfRows } from '../../../dsl/stage.ts';
import { isPending } from '../live/cursor.ts';
import { mix } from '../mix.ts';
import { builtInStage } from '../stage.ts';
import { shuffled } from '../table/build-view.ts';
import { isRoom } from './checks.ts';

interface ShuffleArgs {
  readonly seed: number | undefined;
  readonly buffer: number;
}

interface ShuffleState {
  /** Rows in the buffer. */
  readonly waiting: readonly unknown[];
  readonly given: number;
  readonly rows: unknown;
}

/** The buffer is filled before the first row is given; each choice is counter-based. Rows before a failure are given first. */
export const shuffle = builtInStage<ShuffleArgs, ShuffleState>({
  name: 'shuffle',
  check({ seed, buffer }) {
    if (!isRoom(buffer)) return 'a buffer of one row or more';
    return seed === undefined || Number.isSafeInteger(seed) ? undefined : 'a whole number as seed';
  },
  onTable: ({ table, view }, { key }) => ({ kind: 'table', table, view: shuffled(view, key) }),
  open({ args: { buffer }, epoch, from, open, key, rest, holds }) {
    const rows = open(epoch, from?.rows);
    const waiting: unknown[] = [...(from?.waiting ?? [])];
    let given = from?.given ?? 0;
    let ended = false;
    let failure: { readonly error: unknown } | undefined;
    holds(() => waiting.length);
    const fail = (error: unknown): void => {
      ended = true;
      failure = { error };
    };
    const pick = (): unknown => {
      if (waiting.length === 0) {
        if (failure) throw failure.error;
        return endOfRows;
      }
      const place = mix(...key, epoch, given++) % waiting.length;
      const row = waiting[place];
      const last = waiting.pop();
      if (place < waiting.length) waiting[place] = last;
      return row;
    };
    const keep = (row: unknown): void => {
      if (row === endOfRows) ended = true;
      else waiting.push(row);
    };
    let closed = false;
    /** A closed shuffle keeps what waits, for `state` to tell. */
    const drawn = (): unknown => (closed ? endOfRows : pick());
    const later = async (first: unknown): Promise<unknown> => {
      try {
        keep(await first);
        while (!ended && waiting.length < buffer) {
          await rest();
          keep(await rows.next());
        }
      } catch (error) {
        fail(error);
      }
      return drawn();
    };
    return {
      next() {
        try {
          while (!closed && !ended && waiting.length < buffer) {
            const row = rows.next();
            if (isPending(row)) return later(row);
            keep(row);
            const resting = rest();
            if (resting) return later(resting.then(() => rows.next()));
          }
        } catch (error) {
          fail(error);
        }
        return drawn();
      },
      state: () => ({ waiting: [...waiting], given, rows: rows.state() }),
      close() {
        closed = true;
        rows.close();
      },
    };
  },
});
