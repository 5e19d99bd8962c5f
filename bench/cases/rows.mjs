/** From a source to batches in the engine's memory: rows of sixteen floats, from a file and from memory. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast } from '../target.mjs';
import { rateText } from '../text.mjs';

const names = Array.from({ length: 16 }, (_, i) => `x${i}`);
const count = 200_000;
const batch = 256;

/** Numbers of the kind that files hold: four places after the point. */
const number = (row, column) => ((row * 7919 + column * 104_729) % 20_000) / 10_000 - 1;

async function drained(dataset) {
  const { openFeed } = await import('../../dist/runtime/data/open-feed.js');
  const { EventLoopSlices } = await import('../../dist/runtime/run/event-loop-slices.js');
  const inputs = Object.fromEntries(names.map((name) => [name, new Float32Array(batch)]));
  return async () => {
    const start = performance.now();
    const context = { seed: 7, slices: new EventLoopSlices(), tables: new Map(), onDropped: () => {} };
    const source = (await openFeed(dataset.batch(batch), context)).epoch(0);
    let rows = 0;
    let sum = 0;
    for (let size = await source.next(inputs); size > 0; size = await source.next(inputs)) {
      rows += size;
      sum += inputs.x7[size - 1];
    }
    source.close();
    if (rows !== count) throw new Error(`${rows} rows came instead of ${count}`);
    return { microseconds: ((performance.now() - start) * 1000) / rows, result: sum };
  };
}

function contestant(id, name, open) {
  return {
    id,
    name,
    open: async () => {
      const { dataset, close } = await open();
      const sample = await drained(dataset);
      await sample();
      return { sample, close };
    },
  };
}

async function file(csv, schema) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  const lines = [names.join(',')];
  for (let row = 0; row < count; row++)
    lines.push(names.map((_, column) => number(row, column).toFixed(4)).join(','));
  writeFileSync(join(folder, 'rows.csv'), `${lines.join('\n')}\n`);
  return {
    dataset: csv(join(folder, 'rows.csv'), schema),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const records = () =>
  Array.from({ length: count }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, number(row, column)])),
  );

const columns = () =>
  Object.fromEntries(
    names.map((name, column) => [
      name,
      Float32Array.from({ length: count }, (_, row) => number(row, column)),
    ]),
  );

export const rows = {
  name: 'rows',
  title: `a row of ${names.length} floats from its source to a batch, the source opened anew each time`,
  unit: (microseconds) => rateText(microseconds, 'rows'),
  repeats: 5,
  contestants: async () => {
    const { arrays, csv, float, rows } = await import('millrace');
    const schema = Object.fromEntries(names.map((name) => [name, float]));
    return [
      contestant('csv', 'a CSV file', () => file(csv, schema)),
      contestant('records', 'records in memory', async () => ({ dataset: rows(schema, records()) })),
      contestant('arrays', 'columns in memory', async () => ({ dataset: arrays(schema, columns()) })),
      contestant('shuffled', 'columns in memory, shuffled', async () => ({
        dataset: arrays(schema, columns()).shuffle(),
      })),
    ];
  },
  targets: (time) =>
    ['csv', 'records', 'arrays'].map((id) =>
      atLeast(`${id}: ≥ 1.5 M rows/s`, 1e6 / time(id), 1_500_000, ' rows/s'),
    ),
};
