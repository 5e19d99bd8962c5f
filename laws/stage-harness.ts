/** What a stage is tried in: rows that come in different ways, a context that watches, and states that are written and read. */
import type { Cursor, OpenCursor, PlainData, StageCard, StageContext, StageExample } from '../dsl/stage.ts';
import { endOfRows } from '../dsl/stage.ts';
import { holds } from './law-test.ts';

/** How rows come: at once, as promises kept in the same turn of the event loop, in later turns, or by turns each way. */
export const manners = ['atOnce', 'promised', 'inTurns', 'mixed'] as const;
export type Manner = (typeof manners)[number];

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the rows of an example do after `upTo` of them: end as they do, fail, never come, or begin anew without end. */
export type Finish = 'end' | 'failure' | 'silence' | 'endless';

export class SourceFailed extends Error {
  override readonly name = 'SourceFailed';
}

export interface Upstream {
  readonly manner: Manner;
  readonly upTo?: number;
  readonly finish?: Finish;
}

/** What the stage did to the world around it. */
export class Watch {
  opened = 0;
  closed = 0;
  /** Rows read since one was given or others were let run. */
  since = 0;
  mostSince = 0;
  /** Whether rows were read while others were to run. */
  disturbed = false;
  resting = false;
  read = 0;
  waiting: () => number = () => 0;
  mostWaiting = 0;

  look(): void {
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting());
  }
}

function mannerAt(manner: Manner, place: number): Manner {
  return manner === 'mixed' ? (manners[(place * 7 + 3) % 3] ?? 'atOnce') : manner;
}

/** The rows of an example as the stage before would give them: another copy of each whenever it is read. */
function openUpstream(
  rows: readonly unknown[],
  { manner, upTo = rows.length, finish = 'end' }: Upstream,
  watch: Watch,
): OpenCursor {
  return (_, from): Cursor => {
    let given = typeof from === 'number' ? from : 0;
    let closed = false;
    let release: (() => void) | undefined;
    watch.opened++;
    const drawn = (): unknown => {
      if (closed) return endOfRows;
      if (given < upTo || finish === 'endless') return structuredClone(rows[given++ % rows.length]);
      if (finish === 'failure') throw new SourceFailed('the source failed');
      return endOfRows;
    };
    return {
      next() {
        holds(!release, 'it asks for a row while one is awaited');
        holds(++watch.read < 5000, 'it reads on and on without giving a row or letting others run');
        if (closed) return endOfRows;
        watch.mostSince = Math.max(watch.mostSince, ++watch.since);
        if (watch.resting) watch.disturbed = true;
        const way = mannerAt(manner, given);
        const isSilent = given >= upTo && finish === 'silence';
        if (way === 'atOnce' && !isSilent) return drawn();
        return new Promise((resolve, reject) => {
          const settle = (): void => {
            if (!release) return;
            release = undefined;
            try {
              resolve(drawn());
            } catch (error) {
              reject(error);
            }
          };
          release = settle;
          if (isSilent) return;
          if (way === 'promised') queueMicrotask(settle);
          else setImmediate(settle);
        });
      },
      state: () => given,
      close() {
        if (closed) return;
        closed = true;
        watch.closed++;
        release?.();
      },
    };
  };
}

export interface Opening {
  readonly upstream: Upstream;
  readonly epoch?: number;
  readonly seed?: number;
  readonly from?: PlainData;
  readonly memory?: Map<string, unknown>;
  readonly watch?: Watch;
}

/** Opens a stage on the rows of an example. Every third time it may, it is told to let others run. */
export function open(card: StageCard, example: StageExample, opening: Opening): Cursor {
  const { upstream, epoch = 0, seed = 3, from, memory = new Map(), watch = new Watch() } = opening;
  const parents = example.rows.map((rows) => openUpstream(rows, upstream, watch));
  const [first = openUpstream([], upstream, watch)] = parents;
  let asked = 0;
  let clock = 0;
  const context: StageContext = {
    args: example.args,
    // Sources check their rows by it; no stage has examples of that.
    schema: {},
    epoch,
    from,
    open: first,
    upstream: parents,
    replay: 'reread',
    key: [seed, 1],
    memory,
    rest() {
      watch.since = 0;
      if (asked++ % 3 !== 2) return undefined;
      watch.resting = true;
      return turn().then(() => {
        watch.resting = false;
      });
    },
    now: () => clock++,
    reject: () => {},
    holds(waiting) {
      watch.waiting = waiting;
    },
    whenDurable: () => {},
  };
  // A method takes whatever context its card was written for.
  const opened: StageCard<unknown> = card;
  return opened.open(context);
}

/** No example of a stage gives so many rows. */
const endless = 10_000;

/** Rows of a cursor until it ends, or until so many have come. */
export async function pull(cursor: Cursor, count = endless, watch?: Watch): Promise<unknown[]> {
  const rows: unknown[] = [];
  while (rows.length < count) {
    const row = await cursor.next();
    if (watch) {
      watch.since = 0;
      watch.look();
    }
    if (row === endOfRows) return rows;
    rows.push(row);
  }
  holds(count < endless, `it gives ${count} rows and more`);
  return rows;
}

/** A row that is there within a few turns; undefined where it is not. */
export async function soon(next: unknown): Promise<{ readonly row: unknown } | undefined> {
  let there: { readonly row: unknown } | undefined;
  const waiting = Promise.resolve(next).then((row) => {
    there = { row };
  });
  for (let turns = 0; turns < 5 && !there; turns++) await Promise.race([waiting, turn()]);
  return there;
}

/** Writes a state and reads it back; whatever is not plain data is refused with its place. */
export function written(value: PlainData, place = 'its state'): PlainData {
  if (typeof value === 'function' || typeof value === 'symbol')
    holds(false, `${place} is ${String(value)}, not plain data`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, i) => written(item, `${place}[${i}]`));
  const kind: unknown = Object.getPrototypeOf(value);
  if (ArrayBuffer.isView(value) || value instanceof Date) return structuredClone(value);
  holds(kind === Object.prototype || kind === null, () => `${place} is an object of a class, not plain data`);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, written(member, `${place}.${name}`)]),
  );
}
