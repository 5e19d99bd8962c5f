/** A source that pushes into a journal on the disk, as a cursor that reads there: it can be read again, from any position. */
import { saying } from '../../../../compiler/diagnostics/because.ts';
import { DAT701, DAT711, DAT715 } from '../../../../compiler/diagnostics/data.ts';
import { DiagnosticError, refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { nowhere, topOf } from '../../../../compiler/ir/span.ts';
import type { Subscribable } from '../../../../dsl/dataset.ts';
import { BadRow } from '../../../../dsl/row-options.ts';
import type { Spool } from '../../../../dsl/spool.ts';
import { endOfRows } from '../../../../dsl/stage.ts';
import { decodePlain, encodePlain } from '../../../store/plain/plain-data.ts';
import type { Line } from '../../files/line-cutter.ts';
import { LineCutter } from '../../files/line-cutter.ts';
import { pathOf } from '../../files/path-of.ts';
import type { SourceCursor } from '../../intake/checked-cursor.ts';
import { valueText } from '../../value-text.ts';
import type { SourceContext } from '../open-source.ts';
import { sourceFailure } from '../source-failure.ts';
import { Subscription } from '../subscription.ts';
import { Journal } from './journal.ts';

interface SpooledState {
  /** In the journal, after the row that was given last. */
  readonly offset: number;
}

/** Two that write to one journal would not know of each other's rows. */
const inUse = new Set<string>();

export function isSpool(overflow: unknown): overflow is Spool {
  return typeof overflow === 'object' && overflow !== null && 'spool' in overflow;
}

/** Rows that no durable checkpoint has gone past come first: from where it was, or from before a crash without one. */
export function spooledCursor(
  source: Subscribable<object>,
  { spool, bytes }: Spool,
  { from, holds, whenDurable, memory }: SourceContext,
): SourceCursor<SpooledState> {
  const directory = pathOf(spool, 'spool');
  if (inUse.has(directory)) refuseShared(directory);
  const journal = new Journal(directory, bytes);
  let offset = startOf(journal, from as SpooledState | undefined, memory.get('offset'), directory);
  let readUpTo = offset;
  const cutter = new LineCutter(offset);
  let lines: Iterator<Line> | undefined;
  let wake: (() => void) | undefined;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let closed = false;
  let isDue = false;
  const pushing = new Subscription();
  inUse.add(directory);
  // Rows that wait are safe where they are.
  holds(() => 0, true);

  const woken = (): void => {
    const waiter = wake;
    wake = undefined;
    waiter?.();
  };
  const fail = (error: unknown): void => {
    if (ended) return;
    ended = true;
    failure = { error };
    woken();
  };
  const flush = (): void => {
    isDue = false;
    if (closed) return;
    try {
      journal.flush();
    } catch (error) {
      fail(sourceFailure(error));
      pushing.leave();
    }
  };
  const write = (row: unknown): void => {
    if (ended) return;
    const text = writtenRow(row);
    if (journal.bytes + Buffer.byteLength(text) + 1 > bytes) {
      fail(tooMany(bytes, directory));
      pushing.leave();
      return;
    }
    journal.append(text);
    // Rows that are pushed at one go are written at one go, before anything else runs.
    if (!isDue) queueMicrotask(flush);
    isDue = true;
    woken();
  };
  pushing.begin(source, {
    next: write,
    error: (error) => fail(sourceFailure(error)),
    complete() {
      ended = true;
      woken();
    },
  });

  const given = ({ text, end }: Line): unknown => {
    offset = end;
    memory.set('offset', offset);
    return readRow(text);
  };
  const next = (): unknown => {
    for (;;) {
      const line = lines?.next();
      if (line && !line.done) return given(line.value);
      const piece = closed ? Buffer.alloc(0) : journal.read(readUpTo);
      readUpTo += piece.length;
      lines = piece.length > 0 ? cutter.cut(piece) : undefined;
      if (lines) continue;
      if (failure) throw failure.error;
      if (ended) return endOfRows;
      return new Promise<void>((resolve) => {
        wake = resolve;
      }).then(next);
    }
  };
  whenDurable(() => {
    const durable = offset;
    if (!closed) journal.sync();
    return () => journal.commit(durable);
  });
  return {
    next,
    state: () => ({ offset }),
    close() {
      if (closed) return;
      ended = true;
      pushing.leave();
      journal.close();
      closed = true;
      inUse.delete(directory);
      woken();
    },
  };
}

function startOf(
  journal: Journal,
  state: SpooledState | undefined,
  before: unknown,
  directory: string,
): number {
  const offset =
    state?.offset ?? (typeof before === 'number' ? before : Math.max(journal.committed, journal.start));
  if (offset >= journal.start && offset <= journal.end) return offset;
  return refuse(
    DAT701({
      message: 'the spool does not hold the rows after the checkpoint',
      span: topOf(directory),
      expected: `a journal with the byte ${offset}`,
      received: `one of the bytes ${journal.start} to ${journal.end}`,
      hint: 'give the run the spool that it was stopped with, or start it anew with an empty one',
    }),
  );
}

/** A row that is no plain data is a bad row when it is read. */
function writtenRow(row: unknown): string {
  try {
    return encodePlain({ row }, 'the row');
  } catch (error) {
    return encodePlain({ bad: valueText(row), reason: `the row cannot be written down: ${saying(error)}` });
  }
}

function readRow(text: string): unknown {
  const line: { readonly row?: unknown; readonly bad?: unknown; readonly reason?: unknown } = Object(
    decodePlain(text),
  );
  return typeof line.reason === 'string' ? new BadRow(line.bad, line.reason) : line.row;
}

function refuseShared(directory: string): never {
  return refuse(
    DAT715({
      message: 'the directory of a spool belongs to one source',
      span: nowhere,
      expected: 'a directory for each source, and for each part of a split',
      received: directory,
    }),
  );
}

function tooMany(bytes: number, directory: string): DiagnosticError {
  return new DiagnosticError([
    DAT711({
      message: `the source is faster than its reader: more than ${bytes} bytes of rows are waiting`,
      span: topOf(directory),
      expected: `at most ${bytes} bytes in the spool`,
      received: 'one row more',
      hint: 'raise bytes, or take checkpoints more often: what they have gone past is removed',
    }),
  ]);
}
