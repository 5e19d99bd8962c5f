/** What every source of a broker keeps: each row has its effect once, whatever dies in between. */
import { expect, test } from 'vitest';
import { int } from '../../dsl/column.ts';
import type { ReplayableSource } from '../../dsl/dataset.ts';
import { from } from '../../dsl/dataset.ts';
import { readRows } from '../support/rows-of.ts';
import { later } from './server.ts';

export const schema = { x: int };

export interface BrokerCase {
  /** Opens the source anew, as another process would. */
  source(): ReplayableSource<{ readonly x: number }>;
  /** Publishes the numbers from `first` up to but without `end`, and waits until the broker has them. */
  publish(first: number, end: number): Promise<void>;
  /** Kills the broker, and starts it again with what it has on the disk. */
  restart(): Promise<void>;
}

export const upTo = (end: number, first = 0): number[] =>
  Array.from({ length: end - first }, (_, i) => first + i);

/** `make` gives a queue of its own for each law. */
export function brokerLaws(make: () => Promise<BrokerCase>): void {
  test('rows come in order, those that were there and those that come', async () => {
    const broker = await make();
    await broker.publish(0, 40);
    const reading = readRows(from(schema, broker.source()), 'x', { rows: 60 });
    await later(100);
    await broker.publish(40, 60);
    expect((await reading).values).toEqual(upTo(60));
  });

  test('a run goes on from its checkpoint, whether it could acknowledge or died before', async () => {
    const broker = await make();
    await broker.publish(0, 100);
    const seen: number[] = [];
    let state: unknown;
    for (const [round, rows] of [30, 1, 45, 24].entries()) {
      const part = await readRows(from(schema, broker.source()), 'x', {
        from: state,
        rows,
        isAcknowledged: round % 2 === 1,
      });
      seen.push(...part.values);
      state = part.state;
      // What is read behind a checkpoint is read again.
      if (round === 1) await readRows(from(schema, broker.source()), 'x', { from: state, rows: 5 });
    }
    expect(seen).toEqual(upTo(100));
  });

  test('the broker dies and comes back: nothing is lost, nothing comes twice', async () => {
    const broker = await make();
    await broker.publish(0, 50);
    const first = await readRows(from(schema, broker.source()), 'x', { rows: 20, isAcknowledged: true });
    const reading = readRows(from(schema, broker.source()), 'x', { from: first.state, rows: 60 });
    await later(300);
    await broker.restart();
    await broker.publish(50, 80);
    expect([...first.values, ...(await reading).values]).toEqual(upTo(80));
  });

  test('what is no JSON is a bad row', async () => {
    const broker = await make();
    await broker.publish(0, 1);
    await broker.publish(-1, 0);
    await broker.publish(1, 2);
    const { values, rejected } = await readRows(from(schema, broker.source(), { onBadRow: 'skip' }), 'x', {
      rows: 2,
    });
    expect([values, rejected]).toEqual([[0, 1], 1]);
  });
}

/** The text of a message: −1 stands for one that is no JSON. */
export function textOf(x: number): string {
  return x < 0 ? '{"x": ' : JSON.stringify({ x });
}
