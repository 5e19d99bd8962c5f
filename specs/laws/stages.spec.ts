/** Every stage of a dataset is held to the laws of stages, and each of these laws finds the stage that breaks it. */
import { describe, expect, test } from 'vitest';
import { lawsOf } from '../../laws/index.ts';
import { LawBroken } from '../../laws/law-test.ts';
import { lawsOfStage } from '../../laws/stage.ts';
import { builtIns } from '../../runtime/data/registry.ts';
import type { Cursor, StageContext, StageExample } from '../../stdlib/op.ts';
import { defineStage, endOfRows, noRow, stageCursor } from '../../stdlib/op.ts';
import { tally } from '../support/tally.ts';

const count = tally('laws of stages', { laws: 180 });

const stages = [...builtIns.values()].flatMap((card) => (card.family === 'stage' ? [card] : []));
describe.each(stages.map((card) => [card.name, card] as const))('stage %s', (_, card) => {
  const laws = lawsOfStage(card);
  count('laws', laws.length);
  for (const { name, run } of laws) test(name, run);
});

const rows = [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]];
const examples: readonly StageExample<object>[] = [{ args: {}, rows }];

/** Gives every second row: right as it is, and wrong in the one way that is asked for. */
type Fault = (context: StageContext<object, never>, cursor: Cursor) => Partial<Cursor>;
const everyOther = (fault: Fault, given: readonly StageExample<object>[] = examples) =>
  defineStage<object, never>({
    name: 'everyOther',
    examples: given,
    open(context) {
      const cursor: Cursor = stageCursor<{ place: number }>(context, (from) => {
        let place = from?.place ?? 0;
        return { take: (row) => (place++ % 2 === 0 ? row : noRow), state: () => ({ place }) };
      });
      const { next, state, close } = { ...cursor, ...fault(context, cursor) };
      // The state is written and read as what it is.
      return { next, state: () => state() as never, close };
    },
  });

/** The names of the laws that do not hold. */
async function broken(stage: ReturnType<typeof everyOther>): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of lawsOf(stage)) {
    try {
      await run();
    } catch (error) {
      expect(error).toBeInstanceOf(LawBroken);
      names.push(name.replace(/^example \d+ /, ''));
    }
  }
  return names;
}

test('a stage that is right keeps them all', async () => {
  expect(await broken(everyOther(() => ({})))).toEqual([]);
});

const resume = 'can be gone on with from any state';
const faults: readonly (readonly [law: string, fault: Fault, examples?: readonly StageExample<object>[]])[] =
  [
    ['has examples', () => ({}), []],
    ['gives the same rows however they come', () => ({}), [{ args: {}, rows, gives: [{ x: 1 }] }]],
    [
      'gives the same rows for the same seed and epoch',
      (_, { next }) => {
        const isOdd = openings++ % 2 === 1;
        return { next: () => (isOdd ? endOfRows : next()) };
      },
    ],
    [`${resume}: afterRow`, () => ({ state: () => undefined })],
    [`${resume}: later`, () => ({ state: () => ({ own: { place: () => 3 } }) })],
    // Forgets a row that it asked for ahead of time.
    [
      `${resume}: later`,
      ({ rest: _, ...context }, cursor) => {
        let ahead: unknown = noRow;
        void context;
        return {
          next() {
            const row = ahead === noRow ? cursor.next() : ahead;
            ahead = noRow;
            if (row === endOfRows) return row;
            return Promise.resolve(row).then((there) => {
              if (there !== endOfRows) ahead = cursor.next();
              return there;
            });
          },
        };
      },
    ],
    [
      `${resume}: closedPending`,
      (_, { state, close }) => {
        let closed = false;
        return {
          state: () => (closed ? undefined : state()),
          close() {
            setImmediate(() => {
              closed = true;
            });
            close();
          },
        };
      },
    ],
    [
      'ends when it is closed, and closes what it opened',
      ({ open }, cursor) => ({ next: () => cursor.next(), close: () => void open(0) }),
    ],
    ['ends when it is closed, and closes what it opened', (_, { next }) => ({ next, close: () => {} })],
    [
      'holds no more rows than it says',
      ({ holds }) => {
        holds(() => 2);
        return {};
      },
    ],
    [
      'lets others run',
      ({ open, epoch }) => {
        const before = open(epoch);
        let place = 0;
        return {
          next() {
            for (;;) {
              const row = before.next();
              if (row instanceof Promise || row === endOfRows || place++ % 9 === 0) return row;
            }
          },
        };
      },
    ],
    [
      'tells failures after the rows before them',
      (_, { next }) => {
        let second: unknown = noRow;
        return {
          next() {
            // Reads two rows for one: the first is lost where the second fails.
            const row = second === noRow ? next() : second;
            second = noRow;
            if (row instanceof Promise || row === endOfRows) return row;
            second = next();
            return row;
          },
        };
      },
    ],
  ];
let openings = 0;

test.each(faults.map((fault) => ({ law: fault[0], fault })))(
  '$law: one that does not is found',
  async ({ law, fault: [, fault, given] }) => {
    openings = 0;
    expect(await broken(everyOther(fault, given))).toContain(law);
  },
);
