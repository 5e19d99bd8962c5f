/** The rows of a source, each checked where it enters: a bad row is one before any stage has seen it. */
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { placed } from '../../../compiler/diagnostics/placed.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { Cursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { isPending } from '../live/cursor.ts';
import { ofSource } from '../live/source-failure.ts';
import type { BadRowPolicy } from './bad-rows.ts';
import { originalOf } from './bad-rows.ts';
import type { RowCheck } from './row-check.ts';

/** A cursor that may know where the row that it gave last stands. */
export interface SourceCursor<State = unknown> extends Cursor<State> {
  place?(): string | undefined;
  span?(): Span | undefined;
  /** The row that it gave last, with which all ends, was not read after all: there where it can be read again. */
  unread?(): void;
}

export interface CheckedState {
  /** How many rows the source gave, bad ones too. */
  readonly count: number;
  /** A row that its validator had not answered for. */
  readonly asked: readonly unknown[];
  readonly rows: unknown;
}

/** Stands for a bad row that was dealt with. */
const passedOver = Symbol('passed over');

export function checkedCursor(
  source: SourceCursor,
  check: RowCheck,
  policy: BadRowPolicy,
  rest: () => Promise<void> | undefined,
  from: CheckedState | undefined,
): Cursor<CheckedState> {
  let count = from?.count ?? 0;
  let asked: readonly unknown[] = from?.asked ?? [];
  let closed = false;
  /** Whether the row was read in a run before this one. */
  let isOld = asked.length > 0;

  const settled = (answer: unknown, row: unknown, place: string): unknown => {
    asked = [];
    if (!(answer instanceof DiagnosticError)) {
      isOld = false;
      return answer;
    }
    // What the columns or a validator refuse stands in the line of the file that the row came from.
    const span = source.span?.();
    const error = span ? placed(answer, span) : answer;
    try {
      policy({ place, row: originalOf(row), error });
    } catch (thrown) {
      // It is read again once it is mended.
      if (thrown !== error || isOld || !source.unread) throw thrown;
      source.unread();
      count--;
      throw ofSource(error);
    }
    isOld = false;
    return passedOver;
  };
  const checked = (row: unknown, place: string): unknown => {
    const answer = check.of(row, place);
    if (!isPending(answer)) return settled(answer, row, place);
    asked = [row];
    return answer.then((later) => (closed ? endOfRows : settled(later, row, place)));
  };
  const entered = (row: unknown): unknown => {
    if (row === endOfRows) return endOfRows;
    const number = count++;
    return checked(row, source.place?.() ?? placeOf(number));
  };
  /** One more row of the source, or what its check gives. */
  const pull = (): unknown => {
    if (asked.length > 0) return checked(asked[0], placeOf(count - 1));
    const row = source.next();
    return isPending(row) ? row.then(entered) : entered(row);
  };
  const later = async (first: unknown): Promise<unknown> => {
    for (let row = await first; ; row = await pull()) {
      if (row !== passedOver) return row;
      await rest();
    }
  };
  return {
    next() {
      for (;;) {
        const row = pull();
        if (isPending(row)) return later(row);
        if (row !== passedOver) return row;
        const resting = rest();
        if (resting) return later(resting.then(() => passedOver));
      }
    },
    state: () => ({ count, asked, rows: source.state() }),
    close() {
      closed = true;
      source.close();
    },
  };
}

const placeOf = (number: number): string => `row ${number} of the source`;
