/** A spool loses and repeats nothing: whatever is pushed, read, made durable, and however often the process dies. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { afterAll, describe, expect, test } from 'vitest';
import { float, int, vector } from '../../dsl/column.ts';
import { from, split } from '../../dsl/dataset.ts';
import { spool } from '../../dsl/spool.ts';
import { Journal } from '../../runtime/data/live/spool/journal.ts';
import { openFeed } from '../../runtime/data/open-feed.ts';
import { EventLoopSlices } from '../../runtime/run/event-loop-slices.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import { tally } from '../support/tally.ts';

const count = tally('spool', { journals: 100, scripts: 60, crashes: 60 });

const folder = mkdtempSync(join(tmpdir(), 'millrace-spool-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const place = (): string => join(folder, String(made++));
const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const schema = { x: int };
/** So that a few hundred rows fill several segments. */
const long = { note: 'n'.repeat(150) };

const onDisk = (directory: string): number =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

test('a journal holds what was written behind what was committed, through crashes that tear its last line', () => {
  const step = fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ commit: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ tear: fc.integer({ min: 1, max: 12 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const directory = place();
      let journal = new Journal(directory, 800);
      let written = '';
      for (const each of steps) {
        if ('append' in each) {
          for (let i = 0; i < each.append; i++) {
            journal.append(String(written.length));
            written += `${written.length}\n`;
          }
          journal.flush();
        } else if ('commit' in each) {
          const lines = written.slice(journal.start).split('\n').slice(0, -1);
          const kept = lines.slice(0, Math.floor(each.commit * lines.length));
          const offset = Math.max(
            journal.committed,
            journal.start + kept.join('\n').length + Math.min(1, kept.length),
          );
          journal.commit(offset);
          expect(journal.start).toBeLessThanOrEqual(offset);
          expect(journal.committed).toBe(offset);
        } else {
          journal.close();
          const last = readdirSync(directory)
            .filter((name) => name.endsWith('.jsonl'))
            .sort()
            .at(-1);
          if (last) appendFileSync(join(directory, last), '7'.repeat(each.tear));
          journal = new Journal(directory, 800);
        }
        let text = '';
        for (let at = journal.start; at < journal.end; ) {
          const piece = journal.read(at);
          expect(piece.length).toBeGreaterThan(0);
          text += piece;
          at += piece.length;
        }
        expect(text).toBe(written.slice(journal.start));
        expect(journal.end).toBe(written.length);
        expect(journal.bytes).toBe(written.length - journal.start);
      }
      journal.close();
      count('journals');
    }),
    { numRuns: runs(100) },
  );
});

test('each row that was pushed is read once, by runs that are killed and go on from their last durable checkpoint', async () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 40 }) }),
    fc.constant({ checkpoint: true } as const),
    fc.constant({ durable: true } as const),
    fc.constant({ crash: true } as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), async (steps) => {
      const directory = place();
      let pushed = 0;
      /** Rows that the weights of the last durable checkpoint have seen, and those that the present ones have. */
      let durable: { readonly state: unknown; readonly seen: readonly number[] } = {
        state: undefined,
        seen: [],
      };
      let taken: (typeof durable & { readonly settled: () => Promise<void> }) | undefined;
      let seen: number[] = [];
      let process = await begin(directory, undefined, 60_000);
      for (const each of steps) {
        if ('push' in each)
          for (let i = 0; i < each.push; i++) process.subject.next({ x: pushed++, ...long });
        else if ('read' in each)
          seen.push(...(await process.read(Math.min(each.read, pushed - seen.length))));
        else if ('checkpoint' in each) {
          const settled = process.feed.settle();
          const state: unknown = JSON.parse(JSON.stringify(process.source.state()));
          taken = { state, seen: [...seen], settled };
        } else if ('durable' in each) {
          if (!taken) continue;
          durable = taken;
          await taken.settled();
          taken = undefined;
        } else {
          taken = undefined;
          process.source.close();
          seen = [...durable.seen];
          process = await begin(directory, durable.state, 60_000);
          count('crashes');
        }
      }
      seen.push(...(await process.read(pushed - seen.length)));
      expect(seen).toEqual(upTo(pushed));
      process.source.close();
      count('scripts');
    }),
    { numRuns: runs(60) },
  );
});

async function begin(directory: string, from: unknown, bytes = 1e6) {
  const subject = new Subject<{ x: number }>();
  const dataset = from_(subject, directory, bytes);
  const feed = await openFeed(dataset.batch(1), {
    seed: 0,
    slices: new EventLoopSlices(),
    tables: new Map(),
    onRejected: () => {},
    now: () => 0,
  });
  const source = feed.epoch(0, from);
  const inputs = { x: new Int32Array(1) };
  const read = async (rows: number): Promise<number[]> => {
    const values: number[] = [];
    while (values.length < rows && (await source.next(inputs)) > 0) values.push(inputs.x[0] ?? Number.NaN);
    return values;
  };
  return { subject, feed, source, read };
}

const from_ = (subject: Subject<{ x: number }>, directory: string, bytes: number) =>
  from(schema, subject, { overflow: spool(directory, { bytes }) });

describe('a spool', () => {
  test('is bounded: rows before the refusal come first, and room is made by what is durable', async () => {
    const directory = place();
    const one = await begin(directory, undefined, 2000);
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 30; i++) one.subject.next({ x: round * 30 + i });
      expect(await one.read(30)).toEqual(upTo(30).map((i) => round * 30 + i));
      await one.feed.settle()();
      expect(onDisk(directory)).toBeLessThanOrEqual(2000);
    }
    for (let x = 0; x < 1000; x++) one.subject.next({ x });
    expect(one.subject.observed).toBe(false);
    let rows = 0;
    const [diagnostic] = await refused(async () => {
      for (; ; rows++) await one.read(1);
    });
    expect(diagnostic).toMatchObject({ code: 'DAT711', received: 'one row more' });
    expect(rows).toBeGreaterThan(50);
    expect(onDisk(directory)).toBeLessThanOrEqual(2000);
    one.source.close();
  });

  test('gives the rows of a process that died without a checkpoint', async () => {
    const directory = place();
    const one = await begin(directory, undefined);
    for (const x of upTo(10)) one.subject.next({ x });
    await one.read(4);
    one.source.close();
    const two = await begin(directory, undefined);
    expect(await two.read(10)).toEqual(upTo(10));
    two.source.close();
  });

  test('holds rows of any plain data, and says which it cannot hold', async () => {
    const subject = new Subject<{ v: Float32Array; x: number }>();
    const wide = { v: vector(2), x: float };
    const dataset = from(wide, subject, { overflow: spool(place()), onBadRow: 'skip' });
    const reading = readRows(dataset, 'v');
    setTimeout(() => {
      subject.next({ v: new Float32Array([1, 2]), x: -0 });
      subject.next({ v: () => 1, x: 1 } as unknown as { v: Float32Array; x: number });
      subject.next({ v: new Float32Array([3, 4]), x: 1 });
      subject.complete();
    });
    expect(await reading).toMatchObject({ values: [1, 2, 3, 4], rejected: 1 });
  });

  test('hands on an error after the rows that came before it', async () => {
    const one = await begin(place(), undefined);
    one.subject.next({ x: 5 });
    one.subject.error(new Error('unplugged'));
    expect(await one.read(1)).toEqual([5]);
    expect(await refused(one.read(1))).toMatchObject([{ code: 'DAT713' }]);
    one.source.close();
  });

  test('is left while it waits', async () => {
    const one = await begin(place(), undefined);
    const waiting = one.read(1);
    one.source.close();
    expect(await waiting).toEqual([]);
    expect(one.subject.observed).toBe(false);
  });

  test('belongs to one source', async () => {
    const directory = place();
    const one = await begin(directory, undefined);
    expect(await refused(begin(directory, undefined))).toMatchObject([{ code: 'DAT715' }]);
    one.source.close();
    (await begin(directory, undefined)).source.close();
    const { train, test: held } = split(
      from_(new Subject(), directory, 1000),
      { train: 0.5, test: 0.5 },
      { by: ({ x }) => x },
    );
    expect([train, held]).toHaveLength(2);
  });

  test('is refused where it is not the one of the checkpoint', async () => {
    const directory = place();
    const one = await begin(directory, undefined);
    one.subject.next({ x: 1 });
    await one.read(1);
    const state = one.source.state();
    one.source.close();
    for (const name of readdirSync(directory)) truncateSync(join(directory, name), 0);
    expect(await refused(begin(directory, state))).toMatchObject([{ code: 'DAT701' }]);
    expect(existsSync(directory)).toBe(true);
  });

  test('is bounded by bytes, not by rows', async () => {
    const rows = new Subject<{ x: number }>();
    const bounded = from(schema, rows, { capacity: 5, overflow: spool(place()) });
    expect(await refused(readRows(bounded, 'x'))).toMatchObject([{ code: 'DAT715' }]);
    const pulled = from(schema, () => [{ x: 1 }], { overflow: spool(place()) });
    expect(await refused(readRows(pulled, 'x'))).toMatchObject([{ code: 'DAT715' }]);
  });
});
