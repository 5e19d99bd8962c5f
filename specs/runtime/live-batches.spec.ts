/** Batches of live sources: what fills them, what ends their waiting, and that no row is lost between two of them. */
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { float, int } from '../../dsl/column.ts';
import { arrays, from, split } from '../../dsl/dataset.ts';
import type { RunEvent } from '../../runtime/index.ts';

import { drain, openSource } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('live batches', { ledgers: 60, timed: 20 });

const schema = { n: int };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a batch with a bound on its waiting', () => {
  test('holds what came in time, and loses nothing of what comes later', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        async (size, bursts) => {
          const subject = new Subject<{ n: number }>();
          const rows = from(schema, subject, { capacity: 1000, overflow: 'error' });
          const source = await openSource(rows.batch(size, { within: 2 }));
          const inputs = { n: new Int32Array(size) };
          const seen: number[] = [];
          const reading = (async () => {
            for (let got = await source.next(inputs); got > 0; got = await source.next(inputs)) {
              expect(got).toBeLessThanOrEqual(size);
              seen.push(...inputs.n.subarray(0, got));
            }
          })();
          let sent = 0;
          for (const burst of bursts) {
            for (let i = 0; i < burst; i++) subject.next({ n: sent++ });
            // The source is silent and has not ended: all that came is in a batch before long.
            for (let waited = 0; waited < 200 && seen.length < sent; waited++) await pause(5);
            expect(seen).toHaveLength(sent);
          }
          subject.complete();
          await reading;
          expect(seen).toEqual(Array.from({ length: sent }, (_, i) => i));
          count('timed');
        },
      ),
      { numRuns: runs(20) },
    );
  });

  test('waits for its first row as long as it takes', async () => {
    const subject = new Subject<{ n: number }>();
    const source = await openSource(from(schema, subject, { overflow: 'error' }).batch(4, { within: 1 }));
    const inputs = { n: new Int32Array(4) };
    const next = source.next(inputs);
    await pause(10);
    subject.next({ n: 5 });
    expect(await next).toBe(1);
    source.close();
  });
});

test('of a run that is cancelled, every row is trained on, dropped, or told to have waited', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('dropOldest', 'dropNewest', 'latest', 'sample'),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      async (overflow, capacity, bursts, size) => {
        const subject = new Subject<{ x: number }>();
        const data = from({ x: float }, subject, { capacity, overflow }).batch(size);
        const { run, events } = fakeRun({ data }, { steps: 1e9 });
        while (!subject.observed) await pause(1);
        let emitted = 0;
        for (const burst of bursts) {
          for (let i = 0; i < burst; i++) subject.next({ x: emitted++ });
          await new Promise((resolve) => setImmediate(resolve));
        }
        run.cancel();
        await run.finished;
        const sum = (of: (event: RunEvent) => number): number =>
          events.reduce((total, event) => total + of(event), 0);
        const trained = sum((event) => (event.type === 'batchFinished' ? event.size : 0));
        const told = sum((event) => (event.type === 'recordRejected' ? event.count : 0));
        expect(trained + told).toBe(emitted);
        count('ledgers');
      },
    ),
    { numRuns: runs(60) },
  );
});

describe('sources that are not as they should be', () => {
  test('a row that is undefined is refused, not taken for the end', async () => {
    const rows = from(schema, function* () {
      for (let n = 0; n < 9; n++) yield (n === 3 ? undefined : { n }) as { n: number };
    });
    expect(await refused(drain(rows.batch(1)))).toMatchObject([{ code: 'DAT705' }]);
  });

  test('one that gives its rows once is split by what they hold, not by their place', async () => {
    const subject = new Subject<{ n: number }>();
    const rows = from(schema, subject, { capacity: 5000, overflow: 'error' });
    const placed = split(rows, { a: 0.5, b: 0.5 });
    expect(await refused(openSource(placed.a.batch(1)))).toMatchObject([{ code: 'DAT717' }]);
    const { a, b } = split(rows, { a: 0.5, b: 0.5 }, { by: ({ n }) => n });
    const early = drain(a.batch(16));
    await pause(5);
    for (let n = 0; n < 500; n++) subject.next({ n });
    const late = drain(b.batch(16));
    await pause(5);
    for (let n = 500; n < 2000; n++) subject.next({ n });
    subject.complete();
    const [inA, inB] = [new Set((await early).columns.n), new Set((await late).columns.n)];
    for (let n = 500; n < 2000; n++) expect(inA.has(n) !== inB.has(n)).toBe(true);
    expect(inA.size).toBeGreaterThan(850);
  });

  test('clean-up that throws, functions that unsubscribe and libraries with an observable of their own', async () => {
    const emitting = (clean: unknown) => ({
      subscribe(observer: { next(row: { x: number }): void }) {
        const timer = setInterval(() => observer.next({ x: 1 }), 1);
        return typeof clean === 'function'
          ? () => {
              clearInterval(timer);
              clean();
            }
          : { unsubscribe: () => clearInterval(timer) };
      },
    });
    const failing = emitting(() => {
      throw new Error('teardown');
    });
    const wrapped = { '@@observable': () => emitting(undefined), [Symbol.for('observable')]: undefined };
    for (const source of [failing, emitting(() => {}), wrapped]) {
      const data = from({ x: float }, source as never, { overflow: 'dropOldest' }).map({ x: float }, () => ({
        x: 1,
      }));
      const { run } = fakeRun({ data: data.batch(1) }, { steps: 5 });
      expect(await run.finished).toMatchObject({ reason: 'steps', steps: 5 });
    }
  });

  test('a run bounded by steps ends with its data; one with epochs says that they are over', async () => {
    const once = function* () {
      for (let x = 0; x < 10; x++) yield { x };
    };
    const data = () => from({ x: float }, once()).batch(4);
    expect(await fakeRun({ data: data() }, { steps: 100 }).run.finished).toMatchObject({
      reason: 'data',
      steps: 3,
    });
    expect(await refused(fakeRun({ data: data() }, { epochs: 2 }).run.finished)).toMatchObject([
      { code: 'DAT712' },
    ]);
  });

  test('validation that pushes for ever does not hold the run', async () => {
    const ticking = {
      subscribe(observer: { next(row: { x: number }): void }) {
        const timer = setInterval(() => observer.next({ x: 1 }), 0.2);
        return { unsubscribe: () => clearInterval(timer) };
      },
    };
    const validation = from({ x: float }, ticking, { capacity: 4, overflow: 'dropNewest' }).batch(2);
    const { run, events } = fakeRun(
      { data: arrays({ x: float }, { x: [1, 2, 3] }).batch(3), validation },
      { epochs: 1 },
    );
    expect(await run.finished).toMatchObject({ outcome: 'finished' });
    const rejected = events.filter(({ type }) => type === 'recordRejected');
    for (const event of rejected) expect(event).toMatchObject({ data: 'validation' });
  });
});

test('timers run while a source gives nothing that passes', async () => {
  const endless = from({ x: float }, function* () {
    for (;;) yield { x: 1 };
  });
  for (const data of [endless.filter(() => false), endless.skip(1e12)]) {
    const { run } = fakeRun({ data: data.batch(1) }, { steps: 1 });
    setTimeout(() => run.cancel('enough'), 30);
    expect(await run.finished).toMatchObject({ outcome: 'cancelled', reason: 'enough' });
  }
});
