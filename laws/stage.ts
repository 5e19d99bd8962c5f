/** What every stage of a dataset promises: the same rows however they come, and a state from which the rest is gone on with. */
import { isDeepStrictEqual } from 'node:util';
import type { StageCard, StageExample } from '../dsl/stage.ts';
import { endOfRows } from '../dsl/stage.ts';
import type { LawTest } from './law-test.ts';
import { hasExamples, holds } from './law-test.ts';
import type { Manner, Upstream } from './stage-harness.ts';
import { manners, open, pull, SourceFailed, soon, turn, Watch, written } from './stage-harness.ts';

const text = (rows: unknown): string => JSON.stringify(rows) ?? String(rows);

/** Lists of rows as they are compared: where they come in whatever order, in one. */
function inOrder(rows: readonly unknown[], { unordered }: StageExample): readonly unknown[] {
  return unordered ? [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1)) : rows;
}

function sameRows(
  got: readonly unknown[],
  want: readonly unknown[],
  example: StageExample,
  what: string,
): void {
  holds(
    isDeepStrictEqual(inOrder(got, example), inOrder(want, example)),
    () => `${what}: ${text(got)}, not ${text(want)}`,
  );
}

/** Whether rows are the first ones of others, or some of them where they come in whatever order. */
function beginWith(
  rows: readonly unknown[],
  first: readonly unknown[],
  { unordered }: StageExample,
): boolean {
  if (!unordered) return isDeepStrictEqual(rows.slice(0, first.length), first);
  const left = rows.map(text);
  return first.map(text).every((row) => left.includes(row) && left.splice(left.indexOf(row), 1));
}

const whole = (manner: Manner): { readonly upstream: Upstream } => ({ upstream: { manner } });

async function givesItsRows(card: StageCard, example: StageExample): Promise<void> {
  const rows = await pull(open(card, example, whole('atOnce')));
  if (example.gives) sameRows(rows, example.gives, example, 'it gives');
  for (const manner of manners)
    sameRows(await pull(open(card, example, whole(manner))), rows, example, `rows that come ${manner}`);
}

async function isDetermined(card: StageCard, example: StageExample): Promise<void> {
  for (const epoch of [0, 1, 2]) {
    const seen: unknown[][] = [];
    for (let time = 0; time < 2; time++)
      seen.push(await pull(open(card, example, { ...whole('atOnce'), epoch, seed: 7 })));
    sameRows(seen[1] ?? [], seen[0] ?? [], example, `epoch ${epoch} again`);
  }
}

/** When a state is taken: after a row; some turns later; while the next row is awaited; and after closing. */
const moments = ['afterRow', 'later', 'pending', 'closed', 'closedPending'] as const;

async function canBeGoneOnWith(
  card: StageCard,
  example: StageExample,
  moment: (typeof moments)[number],
): Promise<void> {
  for (const manner of manners) {
    const all = await pull(open(card, example, whole(manner)));
    for (let count = 0; count <= all.length; count++) {
      const cursor = open(card, example, whole(manner));
      const before = await pull(cursor, count);
      let pending: unknown;
      if (moment !== 'afterRow' && moment !== 'closed') await turn();
      if (moment === 'pending' || moment === 'closedPending') {
        pending = cursor.next();
        // A row that came at once, or in the meantime, is one that was given.
        const isThere = !(pending instanceof Promise);
        let come: unknown = isThere ? pending : undefined;
        let hasCome = isThere;
        if (pending instanceof Promise) {
          void pending.then((row) => {
            [come, hasCome] = [row, true];
          });
          await turn();
        }
        if (hasCome && come !== endOfRows) before.push(come);
      }
      if (moment === 'closed' || moment === 'closedPending') cursor.close();
      const kept = cursor.state();
      const state = written(kept);
      if (moment === 'closedPending') {
        await pending;
        await turn();
        holds(
          isDeepStrictEqual(written(cursor.state()), state),
          `closing changes its state: ${text(cursor.state())}, not ${text(state)}`,
        );
      }
      const rest = await pull(open(card, example, { ...whole(manner), from: state }));
      const what = `rows that come ${manner}, gone on with after ${before.length} (${moment})`;
      sameRows([...before, ...rest], all, example, what);
      if (moment === 'afterRow') {
        await pull(cursor);
        holds(isDeepStrictEqual(kept, state), `${what}: the state changes afterwards, in place`);
      }
      cursor.close();
    }
  }
}

async function endsWhenClosed(card: StageCard, example: StageExample): Promise<void> {
  const longest = Math.max(...example.rows.map(({ length }) => length));
  for (let upTo = 0; upTo <= longest; upTo++) {
    const watch = new Watch();
    const cursor = open(card, example, { upstream: { manner: 'mixed', upTo, finish: 'silence' }, watch });
    let row: unknown;
    for (let given = 0; given < 1000 && row !== endOfRows; given++) {
      const next = cursor.next();
      if (next instanceof Promise && !(await soon(next))) {
        cursor.close();
        const ended = await soon(next);
        holds(
          ended?.row === endOfRows,
          `a row that is awaited when it is closed: ${text(ended)}, not the end`,
        );
        break;
      }
      row = await next;
    }
    cursor.close();
    holds((await soon(cursor.next()))?.row === endOfRows, 'it gives rows after it was closed');
    await turn();
    holds(watch.opened === watch.closed, `it opens ${watch.opened} and closes ${watch.closed}`);
  }
}

async function holdsFewRows(card: StageCard, example: StageExample): Promise<void> {
  const { holds: most = 1 } = example;
  for (const manner of manners) {
    const watch = new Watch();
    await pull(open(card, example, { ...whole(manner), watch }), undefined, watch);
    holds(watch.mostWaiting <= most, `it holds ${watch.mostWaiting} rows, and says ${most} at most`);
  }
}

/** Rows that are read for nothing are followed by a rest, and none is read while it lasts. */
async function letsOthersRun(card: StageCard, example: StageExample): Promise<void> {
  const { holds: most = 1 } = example;
  const allowed = 1 + example.rows.length + most;
  for (const manner of ['atOnce', 'promised'] as const) {
    const watch = new Watch();
    const cursor = open(card, example, { upstream: { manner, finish: 'endless' }, watch });
    let ended = false;
    for (let given = 0; given < 200 && watch.read < 2000 && !ended; given++) {
      const row = await soon(cursor.next());
      watch.since = 0;
      // One that gives nothing is stopped by closing it.
      if (!row) break;
      ended = row.row === endOfRows;
    }
    cursor.close();
    holds(
      watch.mostSince <= allowed,
      `it reads ${watch.mostSince} rows without giving one or letting others run`,
    );
    holds(!watch.disturbed, 'it reads rows while others are to run');
  }
}

async function tellsFailuresInTurn(card: StageCard, example: StageExample): Promise<void> {
  const longest = Math.max(...example.rows.map(({ length }) => length));
  for (const manner of manners) {
    for (let upTo = 0; upTo <= longest; upTo++) {
      const ended = await pull(open(card, example, { upstream: { manner, upTo } }));
      const silent = open(card, example, { upstream: { manner, upTo, finish: 'silence' } });
      const ready: unknown[] = [];
      for (let row = await soon(silent.next()); row && row.row !== endOfRows; row = await soon(silent.next()))
        ready.push(row.row);
      silent.close();
      const failing = open(card, example, { upstream: { manner, upTo, finish: 'failure' } });
      const rows: unknown[] = [];
      let failure: unknown;
      try {
        for (let row = await failing.next(); row !== endOfRows; row = await failing.next()) rows.push(row);
      } catch (error) {
        failure = error;
      }
      failing.close();
      const what = `the source fails after ${upTo} rows, ${manner}`;
      if (failure === undefined) sameRows(rows, ended, example, `${what}, and nobody is told`);
      else holds(failure instanceof SourceFailed, `${what}: what is told is ${String(failure)}`);
      holds(
        beginWith(rows, ready, example) && beginWith(ended, rows, example),
        () => `${what}: it gives ${text(rows)}, where ${text(ready)} was ready of ${text(ended)}`,
      );
    }
  }
}

/** A run whose source has failed goes on from there once the source is mended. */
async function losesNothingByFailures(card: StageCard, example: StageExample): Promise<void> {
  const shortest = Math.min(...example.rows.map(({ length }) => length));
  for (const manner of manners) {
    const all = await pull(open(card, example, whole(manner)));
    for (let upTo = 0; upTo <= shortest; upTo++) {
      const cursor = open(card, example, { upstream: { manner, upTo, finish: 'failure' } });
      const before: unknown[] = [];
      let hasFailed = false;
      try {
        for (let row = await cursor.next(); row !== endOfRows; row = await cursor.next()) before.push(row);
      } catch {
        hasFailed = true;
      }
      cursor.close();
      if (!hasFailed) continue;
      await turn();
      const from = written(cursor.state());
      const rest = await pull(open(card, example, { ...whole(manner), from }));
      const what = `the source fails after ${upTo} rows, ${manner}, and is gone on with`;
      sameRows([...before, ...rest], all, example, what);
    }
  }
}

/** The laws of one stage, for each of its examples. */
export function lawsOfStage(card: StageCard): LawTest[] {
  const { examples = [] } = card;
  const perExample = examples.flatMap((example, i): LawTest[] => {
    const law = (
      name: string,
      holdsTrue: (card: StageCard, example: StageExample) => Promise<void>,
    ): LawTest => ({ name: `example ${i + 1} ${name}`, run: () => holdsTrue(card, example) });
    return [
      law('gives the same rows however they come', givesItsRows),
      law('gives the same rows for the same seed and epoch', isDetermined),
      ...moments.map((moment) =>
        law(`can be gone on with from any state: ${moment}`, (card, example) =>
          canBeGoneOnWith(card, example, moment),
        ),
      ),
      law('ends when it is closed, and closes what it opened', endsWhenClosed),
      law('holds no more rows than it says', holdsFewRows),
      law('lets others run', letsOthersRun),
      law('tells failures after the rows before them', tellsFailuresInTurn),
      law('loses nothing by failures', losesNothingByFailures),
    ];
  });
  return [hasExamples({ name: card.name, examples }), ...perExample];
}
