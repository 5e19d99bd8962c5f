/** What exists only at run time is referred to, and nothing of the user's runs while it is read. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { StaticReading } from '../../compiler/1-read/interpreter/read-statically.ts';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import type { Batches, Stage } from '../../dsl/dataset.ts';
import { HostReference, hostReferenceIn } from '../../dsl/host-reference.ts';
import * as millrace from '../../stdlib/index.ts';
import { withFiles } from './with-files.ts';

function read(text: string, more: Readonly<Record<string, string>> = {}): StaticReading & { folder: string } {
  return withFiles({ 'input.ts': text, ...more }, (folder) => ({
    ...readStatically(join(folder, 'input.ts'), { modules: { millrace } }),
    folder,
  }));
}

function stageOf(reading: StaticReading, name: string): Stage {
  return (reading.exports.get(name) as Batches).rows.stage;
}

test('data may come from anywhere', () => {
  const reading = read(`
import { arrays, csv, float, from, rows } from 'millrace';
import { readFileSync } from 'node:fs';
import { interval, map } from 'rxjs';
const schema = { x: float };
export const known = csv(new URL('./x.csv', import.meta.url), schema).batch(2);
export const file = csv(process.env.FILE ?? 'x.csv', schema).batch(2);
export const live = from(schema, interval(1).pipe(map((x) => ({ x }))), { capacity: 4, overflow: 'latest' }).batch(2);
export const generated = from(schema, async function* () { yield { x: 1 }; }).batch(2);
export const listed = rows(schema, JSON.parse(readFileSync('x.json', 'utf8'))).batch(2);
export const columns = arrays(schema, { x: Float32Array.from({ length: 3 }, Math.random) }).batch(2);
export const mapped = rows(schema, [{ x: 1 }]).map(schema, ({ x }) => ({ x: x * Date.now() })).batch(2);
`);
  expect(reading.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const argsOf = (name: string) => stageOf(reading, name).args;
  expect(argsOf('known')).toMatchObject({ file: new URL('x.csv', pathToFileURL(`${reading.folder}/`)) });
  expect(argsOf('file')).toMatchObject({ file: expect.any(HostReference) });
  expect(argsOf('live')).toMatchObject({ source: expect.any(HostReference), edge: { capacity: 4 } });
  expect(argsOf('generated')).toMatchObject({ source: expect.any(HostReference) });
  expect(argsOf('listed')).toMatchObject({ rows: expect.any(HostReference) });
  expect(argsOf('columns')).toMatchObject({ columns: expect.any(HostReference) });
  expect(argsOf('mapped')).toMatchObject({ map: expect.any(Function) });
});

test('sources of all kinds, with all their options, may be values of the run', () => {
  const reading = read(`
import { csv, deadLetter, directory, float, from, jsonLines, parquet, rows, spool, sqlite, tail } from 'millrace';
import { natsJetStream, webSocket } from 'millrace/sources';
import { z } from 'zod';
const schema = { x: float };
const validate = z.object({ x: z.number() });
const place = process.env.PLACE;
export const broker = from(schema, natsJetStream({ stream: 'S' })).batch(2);
export const pushed = from(schema, webSocket(place), { overflow: spool(place, { bytes: Number(place) }) }).batch(2);
export const checked = from(schema, () => [], { validate, onBadRow: deadLetter(place) }).batch(2);
export const table = csv('x.csv', schema, { validate }).batch(2);
export const lines = jsonLines(place, schema).batch(2);
export const files = directory(place, schema, { pattern: place }).batch(2);
export const log = tail(place, schema, { onBadRow: deadLetter('bad.jsonl') }).batch(2);
export const columns = parquet([place, 'b.parquet'], schema).batch(2);
export const shop = sqlite('shop.db', 'SELECT ' + place, schema, { key: place }).batch(2);
export const listed = rows(schema, [{ x: 1 }], { missing: { x: place } }).batch(2);
`);
  expect(
    reading.diagnostics.filter(({ code, severity }) => severity === 'error' && code !== 'SRC102'),
  ).toEqual([]);
  for (const [name, dataset] of reading.exports) {
    const { args } = (dataset as Batches).rows.stage;
    const held = Object.values(args).some(
      (value) => hostReferenceIn(value) ?? (Array.isArray(value) && hostReferenceIn(value[0])),
    );
    expect(held, name).toBeTruthy();
  }
  expect(reading.exports.size).toBe(10);
});

test('runs that a file starts are passed over', () => {
  const reading = read(`
import { adam, arrays, dense, float, meanSquaredError, pipeline } from 'millrace';
import { train } from 'millrace/runtime';
const rows = arrays({ x: float }, { x: [1, 2] });
const layer = dense(1);
export const p = pipeline({
  data: rows.batch(2),
  model: ({ x }) => x,
  loss: (y, { x }) => meanSquaredError(y, x),
  optimizer: adam(),
});
const run = train(p, { epochs: Number(process.argv[2] ?? 3) });
run.events$.subscribe((event) => console.log(event.type, Date.now()));
const { model } = await run.finished;
for (const answer of model.predict([{ x: 1 }])) console.log(answer);
if (model.predict([{ x: 2 }]).length > 0) await model.save('somewhere');
try {
  model.dispose();
} finally {
  console.log('done', layer);
}
let last: unknown;
run.events$.subscribe((event) => { last = event; });
setInterval(() => console.log(last), 1000);
`);
  expect(reading.diagnostics).toEqual([]);
  expect([...reading.pipelines.keys()]).toEqual(['p']);
});

test('nothing of the user is run', () => {
  const reading = read(
    `
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mark } from './other.ts';
const path = new URL('./mark.txt', import.meta.url).pathname;
writeFileSync(path, 'ran');
mark(path);
createRequire(import.meta.url)('node:fs').writeFileSync(path, 'ran');
const make = ([] as unknown as { constructor: { constructor: (text: string) => () => void } }).constructor.constructor;
make('process.exit(7)')();
export const global = (globalThis as { Function?: unknown }).Function;
export const fetched = await fetch('http://localhost:1/');
class Side { static { writeFileSync(path, 'ran'); } }
export const side = new Side();
process.exit(7);
`,
    {
      'other.ts':
        "import fs from 'node:fs';\nexport function mark(path: string) { fs.writeFileSync(path, 'ran'); }\n",
    },
  );
  expect(reading.diagnostics.map(({ code, span }) => `${code}:${span.line}`)).toEqual(['SRC110:9']);
  expect(existsSync(join(reading.folder, 'mark.txt'))).toBe(false);
  expect(reading.exports.get('global')).toBeInstanceOf(HostReference);
  expect(reading.exports.get('fetched')).toBeInstanceOf(HostReference);
  expect(reading.exports.get('side')).toBeInstanceOf(HostReference);
});

test('modules: imports, re-exports, cycles, data', () => {
  const reading = read(
    `
import twice, { a as first, type Kind, shared } from './a.js';
import * as all from './a.ts';
import settings from './settings.json' with { type: 'json' };
export { a as renamed } from './a.ts';
export * from './b';
export * as space from './b.ts';
const kind: Kind = 'x';
export const values = [first, twice(2), all.a, shared(), kind, settings.units];
export default values.length;
export enum Level { Low, High = 5, Top }
export const levels = [Level.Top, Level[5]];
`,
    {
      'a.ts': `
import { later } from './b.ts';
export type Kind = 'x';
export const a = 1;
export default function (x: number) { return x * 2; }
export function shared(): string { return later + a; }
`,
      'b.ts': `
import { shared } from './a.ts';
export const later = 'later';
export const call = () => shared();
export let counter = 0;
counter += 2;
`,
      'settings.json': '{ "units": 12 }',
    },
  );
  expect(reading.diagnostics).toEqual([]);
  const exports = Object.fromEntries(reading.exports);
  expect(exports).toMatchObject({
    values: [1, 4, 1, 'later1', 'x', 12],
    default: 6,
    renamed: 1,
    later: 'later',
    counter: 2,
    space: { later: 'later', counter: 2 },
    levels: [6, 'High'],
  });
  expect((exports.call as () => string)()).toBe('later1');
});
