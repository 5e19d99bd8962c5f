/** Columnar files and databases, written by their own libraries: what is read is what was written, from any row on. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bool, category, float, int, vector } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { directory } from '../../dsl/files.ts';
import { arrow, duckdb, parquet, sqlite } from '../../dsl/tables.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));
const size = 250;
const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

const schema = { id: int, x: float, good: bool, kind: category('a', 'b'), v: vector(2) };
const flat = { id: int, x: float, good: bool, kind: category('a', 'b') };
const columns: Readonly<Record<string, readonly number[]>> = {
  id: upTo(size),
  x: upTo(size).map((i) => i / 8),
  good: upTo(size).map((i) => i % 2),
  kind: upTo(size).map((i) => (i % 3 === 0 ? 0 : 1)),
  v: upTo(size).flatMap((i) => [i, i + 0.5]),
};
const kinds = upTo(size).map((i) => (i % 3 === 0 ? 'a' : 'b'));

async function parquetFile(codec: 'SNAPPY' | 'UNCOMPRESSED', name: string): Promise<string> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const path = join(folder, name);
  const columnData = [
    { name: 'other', data: kinds, type: 'STRING' as const },
    { name: 'id', data: upTo(size).map(BigInt), type: 'INT64' as const },
    { name: 'x', data: [...(columns.x ?? [])], type: 'DOUBLE' as const },
    { name: 'good', data: upTo(size).map((i) => i % 2 === 1), type: 'BOOLEAN' as const },
    { name: 'kind', data: kinds, type: 'STRING' as const },
    { name: 'v', data: upTo(size).map((i) => [i, i + 0.5]) },
  ];
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 60, codec })));
  return path;
}

async function arrowFile(format: 'file' | 'stream', name: string): Promise<string> {
  const { Bool, Field, FixedSizeList, Float64, Int64, Table, tableToIPC, Utf8, vectorFromArray } =
    await import('apache-arrow');
  const lists = new FixedSizeList(2, new Field('item', new Float64(), true));
  const vectors = {
    id: vectorFromArray(upTo(size).map(BigInt), new Int64()),
    x: vectorFromArray(columns.x ?? [], new Float64()),
    good: vectorFromArray(
      upTo(size).map((i) => i % 2 === 1),
      new Bool(),
    ),
    kind: vectorFromArray(kinds, new Utf8()),
    v: vectorFromArray(
      upTo(size).map((i) => [i, i + 0.5]),
      lists,
    ),
  };
  const whole = new Table(vectors);
  // In batches of sixty rows.
  const batches = upTo(Math.ceil(size / 60)).flatMap((at) => whole.slice(at * 60, (at + 1) * 60).batches);
  const path = join(folder, name);
  writeFileSync(path, tableToIPC(new Table(batches), format));
  return path;
}

async function duckFile(): Promise<string> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const path = join(folder, 'rows.duckdb');
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE rows AS SELECT range AS id, range / 8 AS x, range % 2 = 1 AS good,
     CASE WHEN range % 3 = 0 THEN 'a' ELSE 'b' END AS kind, [range, range + 0.5]::DOUBLE[] AS v FROM range(${size}) ORDER BY random()`,
  );
  connection.closeSync();
  instance.closeSync();
  return path;
}

async function holds(dataset: Dataset): Promise<void> {
  for (const name of Object.keys(dataset.schema)) {
    expect((await readRows(dataset, name)).values).toEqual(columns[name]);
  }
  for (const rows of [0, 1, 59, 60, 61, 130, size - 1, size]) {
    const { state } = await readRows(dataset, 'id', { rows });
    expect((await readRows(dataset, 'id', { from: state })).values).toEqual(upTo(size).slice(rows));
  }
}

const codec = ['SNAPPY', 'UNCOMPRESSED'] as const;
test.each(codec)('parquet, %s', async (codec) => {
  await holds(parquet(await parquetFile(codec, `${codec}.parquet`), schema));
});

test.each(['file', 'stream'] as const)('arrow, as a %s', async (format) => {
  await holds(arrow(await arrowFile(format, `${format}.arrow`), schema));
});

describe('duckdb', () => {
  test('by key and by count', async () => {
    const path = await duckFile();
    await holds(duckdb(path, 'SELECT * FROM rows', schema, { key: 'id', page: 40 }));
    await holds(duckdb(path, 'SELECT * FROM rows ORDER BY id;', schema, { page: 40 }));
  });

  test('of files that the query names', async () => {
    const path = await parquetFile('SNAPPY', 'named.parquet');
    await holds(duckdb(':memory:', `SELECT * FROM '${path}'`, flat, { key: 'id' }));
  });

  test('of what is not there is refused', async () => {
    const missing = duckdb(join(folder, 'none.duckdb'), 'SELECT 1 AS id', { id: int });
    expect(await refused(readRows(missing, 'id'))).toMatchObject([{ code: 'DAT701' }]);
    const wrong = duckdb(':memory:', 'SELECT 1 AS ids', { id: int });
    expect(await refused(readRows(wrong, 'id'))).toMatchObject([
      { code: 'DAT702', hint: 'did you mean ids?' },
    ]);
  });
});

test('sqlite, by key and by count', async () => {
  const path = join(folder, 'rows.db');
  const name = 'node:sqlite';
  const { DatabaseSync } = await import(name).catch(() => ({ DatabaseSync: undefined }));
  if (!DatabaseSync) {
    announceSkipped('sqlite', 'Node before 22.5 has none; the refusal was looked at instead');
    expect(await refused(readRows(sqlite(path, 'SELECT 1', flat), 'id'))).toMatchObject([
      { code: 'DAT731', hint: 'npm install better-sqlite3' },
    ]);
    return;
  }
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, x REAL, good INTEGER, kind TEXT)');
  const insert = database.prepare('INSERT INTO rows VALUES (?, ?, ?, ?)');
  for (const i of upTo(size).reverse()) insert.run(i, i / 8, i % 2, kinds[i]);
  database.close();
  await holds(sqlite(path, 'SELECT * FROM rows', flat, { key: 'id', page: 40 }));
  await holds(sqlite(path, 'SELECT * FROM rows ORDER BY id', flat, { page: 40 }));
  expect(await refused(readRows(sqlite(path, 'SELECT * FROM cols', flat), 'id'))).toMatchObject([
    { code: 'DAT701' },
  ]);
});

test('a directory of them', async () => {
  const path = join(folder, 'mixed');
  mkdirSync(path);
  await parquetFile('SNAPPY', 'mixed/a.parquet');
  await arrowFile('stream', 'mixed/b.feather');
  const { values } = await readRows(directory(path, schema), 'id');
  expect(values).toEqual([...upTo(size), ...upTo(size)]);
});

test('files of another format, and columns that are not there, are refused', async () => {
  const path = join(folder, 'text.parquet');
  writeFileSync(path, 'no table at all');
  for (const dataset of [parquet(path, schema), arrow(path, schema)]) {
    expect(await refused(readRows(dataset, 'id'))).toMatchObject([{ code: 'DAT701' }]);
  }
  const good = await parquetFile('SNAPPY', 'good.parquet');
  expect(await refused(readRows(parquet(good, { idd: int }), 'idd'))).toMatchObject([
    { code: 'DAT702', hint: 'did you mean id?' },
  ]);
});
