/** Pipelines with every stage are read without running them; whether their rows end and can be read again is known. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import type { Batches, Dataset, Stage } from '../../dsl/dataset.ts';
import { HostReference } from '../../dsl/host-reference.ts';
import { builtIns } from '../../runtime/data/registry.ts';
import * as millrace from '../../stdlib/index.ts';
import * as op from '../../stdlib/op.ts';
import { withFiles } from './with-files.ts';

const { float, from, int, interleave, rows, split, vector, zip } = millrace;

const program = `
import { float, from, int, interleave, rows, split, vector, zip } from 'millrace';
import { defineStage, noRow, stageCursor, type StageState } from 'millrace/op';
import { keeps, scoreOf } from './model.js';

const limit = Number(process.env.LIMIT ?? 5);
const everyOther = defineStage<{ from: number }, StageState<{ place: number }>>({
  name: 'everyOther',
  open: (context) =>
    stageCursor(context, (from) => {
      let place = from?.place ?? 0;
      return { take: (row) => (place++ % 2 === context.args.from ? row : noRow), state: () => ({ place }) };
    }),
});
const schema = { x: float, y: float, id: int };
const data = rows(schema, Array.from({ length: 64 }, (_, i) => ({ x: i / 64, y: i / 32, id: i % 8 })));
const table = rows({ id: int, z: float }, Array.from({ length: 8 }, (_, id) => ({ id, z: id })));
const live = from(schema, async function* () {
  for (let i = 0; i < 200; i++) yield { x: scoreOf(i), y: i / 100, id: i };
});
const all = interleave([data, data.take(10)], { block: limit })
  .shuffle()
  .flatMap(schema, (row) => [row, row])
  .peek((row) => void row.x)
  .prefetch(limit)
  .replay(limit, { rate: limit })
  .dedupe({ by: ({ id, x }) => id + x, within: { rows: limit } })
  .sample(0.9)
  .takeWhile(({ x }) => x < limit)
  .filter(keeps)
  .concat(live.take(20).debounce(limit), live.skip(1).repeat(2))
  .rateLimit({ rows: 1000, per: limit })
  .cache()
  .join(table, { on: 'id', kind: 'left', otherwise: { z: 0 } })
  .enumerate('place')
  .targetEncode('mean', { of: 'id', target: 'y', smoothing: limit })
  .scan({ x: float, y: float }, limit, (sum, { x, y }) => [sum + x, { x, y }])
  .through(everyOther({ from: 0 }))
  .window({ v: vector(2), y: float }, 2, (rows) => ({ v: [rows[0]?.x ?? 0, 1], y: 1 }), { shift: limit })
  .mapBatches({ v: vector(2), y: float }, 4, async (rows) => rows);
const timed = live
  .watermark({ time: ({ id }) => id, lateness: limit, onLate: keeps })
  .tumbling({ n: float, y: float }, limit, (rows) => ({ n: rows.length, y: 1 }), { key: ({ id }) => id % 2 });
const both = zip(
  timed.map({ n: float }, ({ n }) => ({ n })),
  all.unbatch(),
);
const { train } = split(both, { train: 0.8, test: 0.2 }, { by: ({ v }) => v });
export const batches = train.bucketBatch(4, { by: ({ v }) => v, lengths: [4, 9] });
`;

function stagesUnder(stage: Stage, found = new Map<string, Stage>()): Map<string, Stage> {
  found.set(stage.name, stage);
  for (const parent of stage.parents) stagesUnder(parent, found);
  return found;
}

test('every stage is read, its functions and values of the run with it', () => {
  const reading = withFiles(
    {
      'input.ts': program,
      'model.js': 'export const scoreOf = (x) => x; export const keeps = () => true;',
      'model.d.ts':
        'export declare const scoreOf: (x: number) => number; export declare const keeps: (row: object) => boolean;',
    },
    (folder) => readStatically(join(folder, 'input.ts'), { modules: { millrace, 'millrace/op': op } }),
  );
  expect(reading.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const stages = stagesUnder((reading.exports.get('batches') as Batches).rows.stage);
  const known = [...builtIns].flatMap(([name, { family }]) => (family === 'stage' ? [name] : []));
  expect(known.filter((name) => !stages.has(name))).toEqual([]);
  const host = expect.any(HostReference);
  expect(stages.get('interleave')?.args).toMatchObject({ block: host });
  expect(stages.get('dedupe')?.args).toMatchObject({ by: expect.any(Function), within: host });
  expect(stages.get('scan')?.args).toMatchObject({ initial: host, scan: expect.any(Function) });
  expect(stages.get('rateLimit')?.args).toMatchObject({ rows: 1000, per: host });
  expect(stages.get('window')?.args).toMatchObject({ size: 2, shift: host });
  expect(stages.get('eventWindows')?.args).toMatchObject({ lateness: host, onLate: host, size: host });
  expect(stages.get('bucket')?.args).toMatchObject({ by: expect.any(Function), size: 4 });
  expect(stages.get('everyOther')?.card).toBeDefined();
});

const schema = { x: float, id: int };
const table = rows(schema, []);
/** Ends or not, and how it can be read again. */
const endless = {
  seek: from(schema, { open: () => [] }),
  reread: from(schema, () => []),
  once: from(schema, [][Symbol.iterator]() as never),
};
const over = (data: Dataset<typeof schema>): Record<string, Dataset> => ({
  flatMap: data.flatMap(schema, (row) => [row]),
  window: data.window(schema, 2, () => ({ x: 1, id: 1 })),
  slide: data.slide(schema, 2, () => ({ x: 1, id: 1 })),
  mapBatches: data.mapBatches(schema, 2, (rows) => rows),
  unbatch: data.map({ v: vector(2) }, () => ({ v: [1, 2] })).unbatch(),
  enumerate: data.enumerate('n'),
  scan: data.scan(schema, 0, (sum, row) => [sum, row]),
  takeWhile: data.takeWhile(() => true),
  sample: data.sample(0.5),
  peek: data.peek(() => {}),
  dedupe: data.dedupe({ by: ({ id }) => id, within: { rows: 2 } }),
  prefetch: data.prefetch(2),
  rateLimit: data.rateLimit({ rows: 1, per: 1 }),
  debounce: data.debounce(1),
  session: data
    .watermark({ time: ({ id }) => id, lateness: 1 })
    .session(schema, { gap: 1 }, ([row]) => row ?? { x: 1, id: 1 }),
  join: data.join(rows({ id: int }, []), { on: 'id' }),
});

test.each(Object.keys(over(table)))('%s ends where its rows do, and is read again as they are', (name) => {
  expect(over(table)[name]?.stage).toMatchObject({ bounded: true, replay: 'seek' });
  for (const [replay, data] of Object.entries(endless))
    expect(over(data)[name]?.stage).toMatchObject({ bounded: false, replay });
});

test('stages of several datasets: all ends for one after the other, one for side by side', () => {
  const { seek, reread, once } = endless;
  expect(table.concat(seek).stage).toMatchObject({ bounded: false, replay: 'seek' });
  expect(table.concat(table, reread.take(3)).stage).toMatchObject({ bounded: true, replay: 'reread' });
  expect(interleave([table, once]).stage).toMatchObject({ bounded: false, replay: 'once' });
  expect(
    zip(
      table,
      seek.map({ y: float }, () => ({ y: 1 })),
    ).stage,
  ).toMatchObject({ bounded: true, replay: 'seek' });
  expect(
    zip(
      once,
      seek.map({ y: float }, () => ({ y: 1 })),
    ).stage,
  ).toMatchObject({ bounded: false, replay: 'once' });
  expect(
    seek.join(
      table.map({ id: int }, ({ id }) => ({ id })),
      { on: 'id' },
    ).stage,
  ).toMatchObject({ bounded: false });
  expect(split(once, { a: 1 }).a.stage).toMatchObject({ bounded: false, replay: 'once' });
});
