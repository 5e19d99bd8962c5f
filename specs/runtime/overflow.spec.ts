/** Sources that push: each overflow policy against a plain model of it, with every drop accounted for. */
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import type { Edge, Overflow } from '../../dsl/dataset.ts';
import { from } from '../../dsl/dataset.ts';
import { OverflowBuffer } from '../../runtime/data/live/overflow-buffer.ts';
import type { Rejection } from '../../runtime/data/rows.ts';
import { drain, openSource } from '../support/drain.ts';
import { runs } from '../support/effort.ts';
import { fakeRun } from '../support/fake-run.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('overflow', { operations: 40_000, drops: 4_000 });

/** What each policy means, on a plain list. */
const models: Readonly<Record<string, (waiting: number[], capacity: number, row: number) => void>> = {
  dropOldest: (waiting, capacity, row) => {
    if (waiting.length === capacity) waiting.shift();
    waiting.push(row);
  },
  dropNewest: (waiting, capacity, row) => {
    if (waiting.length < capacity) waiting.push(row);
  },
  latest: (waiting, _, row) => {
    waiting.splice(0, waiting.length, row);
  },
};

const operations = fc.array(fc.constantFrom('offer' as const, 'offer' as const, 'take' as const), {
  minLength: 100,
  maxLength: 400,
  size: 'max',
});

test.each(['dropOldest', 'dropNewest', 'latest'] as const)('%s keeps what its model keeps', (policy) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), operations, (capacity, script) => {
      const buffer = new OverflowBuffer<number>(capacity, policy, [1]);
      const waiting: number[] = [];
      let offered = 0;
      let taken = 0;
      for (const operation of script) {
        count('operations');
        if (operation === 'take') {
          const row = buffer.take();
          expect(row).toBe(waiting.shift());
          if (row !== undefined) taken++;
        } else {
          models[policy]!(waiting, capacity, offered);
          buffer.offer(offered++);
        }
        expect(buffer.size).toBe(waiting.length);
        expect(buffer.size).toBeLessThanOrEqual(capacity);
        expect(buffer.dropped).toBe(offered - taken - buffer.size);
      }
      count('drops', buffer.dropped);
    }),
    { numRuns: runs(75) },
  );
});

describe('sample', () => {
  test('keeps a bounded number, in the order of arrival or replacing, and counts its drops', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), operations, (capacity, script) => {
        const buffer = new OverflowBuffer<number>(capacity, 'sample', [1]);
        let offered = 0;
        const taken: number[] = [];
        for (const operation of script) {
          count('operations');
          if (operation === 'offer') buffer.offer(offered++);
          else {
            const row = buffer.take();
            if (row !== undefined) taken.push(row);
          }
          expect(buffer.size).toBeLessThanOrEqual(capacity);
          expect(buffer.dropped).toBe(offered - taken.length - buffer.size);
        }
        expect(new Set(taken).size).toBe(taken.length);
      }),
      { numRuns: runs(75) },
    );
  });

  test('is unbiased: each of the arrivals is as likely to wait as any other', () => {
    const [capacity, arrivals, trials] = [5, 20, 20_000];
    const kept = new Float64Array(arrivals);
    for (let key = 0; key < trials; key++) {
      const buffer = new OverflowBuffer<number>(capacity, 'sample', [key]);
      for (let row = 0; row < arrivals; row++) buffer.offer(row);
      for (let row = buffer.take(); row !== undefined; row = buffer.take()) kept[row]! += 1;
    }
    const expected = (trials * capacity) / arrivals;
    const chiSquare = kept.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: beyond the 99.99 % point.
    expect(chiSquare).toBeLessThan(50);
  });
});

/** Pushes rows 0 … n−1 into a source of this edge before anything is read, then ends; what is read afterwards. */
async function pushed(rows: number, edge: Edge): Promise<{ read: readonly number[]; dropped: number }> {
  const subject = new Subject<{ x: number }>();
  let dropped = 0;
  const onRejected = ({ reason, rows }: Rejection): void => {
    if (reason === 'overflow') dropped += rows;
  };
  const source = await openSource(from({ x: float }, subject, edge).batch(1), { onRejected });
  for (let x = 0; x < rows; x++) subject.next({ x });
  subject.complete();
  const inputs = { x: new Float32Array(1) };
  const read: number[] = [];
  while ((await source.next(inputs)) > 0) read.push(inputs.x[0]!);
  return { read, dropped };
}

describe('a pushed source', () => {
  test('gives what its policy keeps', async () => {
    expect(await pushed(10, { capacity: 3, overflow: 'dropOldest' })).toEqual({
      read: [7, 8, 9],
      dropped: 7,
    });
    expect(await pushed(10, { capacity: 3, overflow: 'dropNewest' })).toEqual({
      read: [0, 1, 2],
      dropped: 7,
    });
    expect(await pushed(10, { capacity: 3, overflow: 'latest' })).toEqual({ read: [9], dropped: 9 });
    expect((await pushed(10, { capacity: 3, overflow: 'sample' })).read).toHaveLength(3);
    expect(await pushed(3, { capacity: 3, overflow: 'error' })).toEqual({ read: [0, 1, 2], dropped: 0 });
  });

  test('fails with DAT711 when it must not drop and cannot wait', async () => {
    expect(await refused(pushed(4, { capacity: 3, overflow: 'error' }))).toMatchObject([{ code: 'DAT711' }]);
  });

  test.each([undefined, 'block'] as const)(
    'must say what it drops: overflow %s is refused',
    async (overflow) => {
      const edge = overflow === undefined ? {} : { overflow: overflow as Overflow };
      expect(await refused(pushed(1, edge))).toMatchObject([{ code: 'DAT710' }]);
    },
  );

  test('wakes a reader that waits, and is left when the reader leaves', async () => {
    const subject = new Subject<{ x: number }>();
    const edge = { overflow: 'dropOldest' } as const;
    const source = await openSource(from({ x: float }, subject, edge).batch(2));
    const inputs = { x: new Float32Array(2) };
    const batch = source.next(inputs);
    subject.next({ x: 1 });
    subject.next({ x: 2 });
    expect(await batch).toBe(2);
    const waiting = source.next(inputs);
    source.close();
    expect(await waiting).toBe(0);
    expect(subject.observed).toBe(false);
  });

  test('hands on its error, after the rows that came before it', async () => {
    const subject = new Subject<{ x: number }>();
    const source = await openSource(from({ x: float }, subject, { overflow: 'dropOldest' }).batch(1));
    const inputs = { x: new Float32Array(1) };
    subject.next({ x: 1 });
    subject.error(new Error('unplugged'));
    expect(await source.next(inputs)).toBe(1);
    expect(await refused(async () => source.next(inputs))).toMatchObject([
      { code: 'DAT713', message: 'the source failed: unplugged' },
    ]);
  });
});

test('drops are told as events, and add up', async () => {
  const subject = new Subject<{ x: number }>();
  const data = from({ x: float }, subject, { capacity: 4, overflow: 'dropOldest' }).batch(2);
  const { run, events } = fakeRun({ data }, { steps: 3 });
  run.events$.subscribe(({ type }) => {
    if (type !== 'epochStarted') return;
    setImmediate(() => {
      for (let x = 0; x < 20; x++) subject.next({ x });
      subject.complete();
    });
  });
  await run.finished;
  const told = events.filter((event) => event.type === 'recordRejected');
  // One row went straight to the reader that waited for it, four waited, fifteen had no place.
  expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(15);
  expect(told.at(-1)?.total).toBe(15);
});

test('an iterator that was read before cannot be read again', async () => {
  const rows = (function* () {
    yield { x: 1 };
  })();
  const dataset = from({ x: float }, rows);
  expect((await drain(dataset.batch(1))).columns.x).toEqual([1]);
  expect(await refused(drain(dataset.batch(1)))).toMatchObject([{ code: 'DAT712' }]);
});
