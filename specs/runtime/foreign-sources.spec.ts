/** Sources of other libraries: emitters of events, and whatever says how to subscribe to it. */
import { EventEmitter, on } from 'node:events';
import { fromEvent, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { int } from '../../dsl/column.ts';
import type { Source, Subscribable } from '../../dsl/dataset.ts';
import { from } from '../../dsl/dataset.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';

const schema = { x: int };
type XRow = { readonly x: number };

/** A library of its own, with an observable that is no rxjs. */
function foreign(values: readonly number[], ending: 'function' | 'object' = 'object'): Subscribable<XRow> {
  let isLeft = false;
  return {
    subscribe(observer) {
      queueMicrotask(() => {
        for (const x of values) if (!isLeft) observer.next({ x });
        if (!isLeft) observer.complete();
      });
      const unsubscribe = (): void => {
        isLeft = true;
      };
      return ending === 'object' ? { unsubscribe } : (unsubscribe as never);
    },
  };
}

describe.each(['@@observable', (Symbol as { readonly observable?: symbol }).observable ?? '@@observable'])(
  'an object with the method %s',
  (key) => {
    test.each(['function', 'object'] as const)('gives its rows, and is left by its %s', async (ending) => {
      const source = { [key]: () => foreign([1, 2, 3], ending) } as unknown as Source<XRow>;
      expect((await readRows(from(schema, source, { overflow: 'error' }), 'x')).values).toEqual([1, 2, 3]);
      const some = readRows(from(schema, source, { overflow: 'error' }), 'x', { rows: 2 });
      expect((await some).values).toEqual([1, 2]);
    });

    test('whose method throws is a source that failed', async () => {
      const source = {
        [key]() {
          throw new Error('not today');
        },
      } as unknown as Source<XRow>;
      expect(await refused(readRows(from(schema, source, { overflow: 'error' }), 'x'))).toMatchObject([
        { code: 'DAT713', message: 'the source failed: not today' },
      ]);
    });
  },
);

test('rxjs is subscribed to itself', async () => {
  expect((await readRows(from(schema, of({ x: 4 }), { overflow: 'error' }), 'x')).values).toEqual([4]);
});

describe('an emitter of events', () => {
  test('is not a source, and the refusal says how to make one', async () => {
    const emitter = new EventEmitter();
    expect(await refused(readRows(from(schema, emitter as unknown as Source<XRow>), 'x'))).toMatchObject([
      { code: 'DAT705', hint: expect.stringContaining("fromEvent(emitter, 'row')") },
    ]);
  });

  test('is one as the refusal says', async () => {
    const emitter = new EventEmitter();
    const dataset = from(schema, () => fromEvent(emitter, 'row') as Subscribable<XRow>, {
      overflow: 'dropOldest',
    });
    const reading = readRows(dataset, 'x', { rows: 3 });
    setTimeout(() => {
      for (const x of [7, 8, 9]) emitter.emit('row', { x });
    });
    expect((await reading).values).toEqual([7, 8, 9]);
    expect(emitter.listenerCount('row')).toBe(0);
  });

  test('by events.on gives lists, and the refusal says how to open them', async () => {
    const emitter = new EventEmitter();
    const rows = on(emitter, 'row') as AsyncIterable<unknown> as AsyncIterable<XRow>;
    const reading = refused(readRows(from(schema, rows), 'x'));
    setTimeout(() => emitter.emit('row', { x: 1 }));
    expect(await reading).toMatchObject([
      { code: 'DAT705', hint: expect.stringContaining('map(([row]) => row)') },
    ]);
  });
});
