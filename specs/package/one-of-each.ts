/** One of each thing that a program may export; compiled outside the repository, never run. */
import * as m from 'millrace';
import * as c from 'millrace/compiler';
import * as o from 'millrace/op';
import * as r from 'millrace/runtime';
import * as s from 'millrace/sources';

export const schema = { size: m.float, count: m.int, good: m.bool, kind: m.category('a', 'b') };
export const columns = { vector: m.vector(3), image: m.tensor([28, 28, 1]), ids: m.tensor([2], 'int32') };

export const mails = m.rows({ mail: m.text({ words: 9, buckets: 99, split: 'spaces' }) }, [{ mail: 'a b' }]);

export const cities = m.rows(
  { city: m.fittedCategory({ size: 9 }), note: m.text({ words: 3, vocabulary: 99 }) },
  [{ city: 'Bern', note: 'far' }],
);
export const walks = m.rows({ at: m.sequence(m.vector(2), { max: 9 }) }, [{ at: [[1, 2]] }]);
export const bucketed = walks.bucketBatch(8, { by: 'at', lengths: [3, 6] });
export const scaled = m.normalization({ axis: null });
export const walking = m.pipeline({
  data: bucketed,
  model: ({ at }) => m.sum(m.cast(m.maskOf(at), 'float32'), { axis: 1 }),
  loss: (_, { at }) => m.mean(m.cast(m.lengthsOf(at), 'float32')),
  optimizer: m.sgd(),
});

export const table = m.csv('table.csv', schema);
export const live = m.from({ x: m.float }, () => [{ x: 1 }]);
export const arrays = m.arrays({ x: m.float, ids: m.tensor([2]) }, { x: [1], ids: [[1, 2]] });
export const lines = m.jsonLines('rows.jsonl', schema, {
  onBadRow: m.deadLetter('bad.jsonl'),
  missing: { size: 0 },
});
export const files = [m.directory('rows', schema), m.tail('rows.log', schema)];
export const tables = [
  m.parquet('rows.parquet', schema),
  m.sqlite('rows.db', 'SELECT 1', schema, { key: 'count' }),
];
export const spooled = m.from({ x: m.float }, s.webSocket<{ x: number }>('wss://localhost'), {
  overflow: m.spool('spool'),
});
export const clicks = m.from({ x: m.float }, s.natsJetStream<{ x: number }>({ stream: 'CLICKS' }));
export const inferred = m.from({ x: m.float }, s.redisStream({ stream: 'clicks' }));
export const rows = m.rows({ a: m.float, y: m.float }, [{ a: 1, y: 2 }]);
export const parts = m.split(rows, { train: 0.8, test: 0.2 });
export const mapped = rows.map({ a: m.float, y: m.float }, (row) => ({ ...row, a: row.a * 2 }));
export const batches = mapped
  .filter(({ a }) => a > 0)
  .repeat(2)
  .shuffle()
  .batch(4);

export const wide = m.zip(rows, m.rows({ id: m.int }, []), columns2());
function columns2() {
  return m.rows({ v: m.vector(2), words: m.tensor([2], 'int32') }, []);
}
export const items = columns2().unbatch();
export const numbered = rows.enumerate('place');
export const sums = rows.scan({ sum: m.float }, 0, (sum, { a }) => [sum + a, { sum }]);
export const joined = numbered.join(m.rows({ place: m.int, name: m.float }, []), { on: 'place' });
export const mixed = m.interleave([rows, rows], { weights: [1, 2] });
export const timed = numbered.watermark({ time: ({ place }) => place, lateness: 5 });
export const minutes = timed.tumbling({ n: m.int }, 60_000, (all) => ({ n: all.length }));
export const everyOther = o.defineStage<{ from: number }, o.StageState<{ place: number }>>({
  name: 'everyOther',
  open: (context) =>
    o.stageCursor(context, (before) => {
      let place = before?.place ?? 0;
      return { take: (row) => (place++ % 2 === 0 ? row : o.noRow), state: () => ({ place }) };
    }),
});
export const halfOfThem = rows.through(everyOther({ from: 1 }));
export const read = await r.toArray(joined);
export const description = await r.describe(rows);
export const numbersOf = r.iterateBatches(rows.batch(4));

export const layer = m.dense(8, { activation: m.relu });
export const net = m.sequential(m.dense(8), m.dropout(0.5), m.dense(1));
export const convolution = m.conv2d(4, 3);
export const pooling = m.maxPooling2d(2);
export const normalization = m.batchNormalization();
export const attention = m.multiHeadAttention(2, 4);
export const embedding = m.embedding(3, 4);
export const shaping = [m.flatten(), m.zeroPadding2d(1), m.cropping1d(1), m.upSampling2d(2)];

export const weights = m.param([2, 3]);
export const moving = m.state([2]);
export const sum = m.add(weights, 1);
export const total = m.sum(weights, { axis: -1 });
export const product = m.matmul(weights, m.param([3, 1]));
export const stacked = m.stack([weights, weights]);
export const same = m.equal(weights, weights);
export const best = m.argMax(weights);
export const reshaped = m.reshape(weights, [3, 2]);
export const initializer = m.glorotUniform();
export const optimizer = m.adam({ learningRate: 0.1 });
export const loss = m.meanSquaredError(weights, weights);
export const hits = m.metric({ hits: m.param([]), all: m.param([]) }, (sums) =>
  m.divide(sums.hits, sums.all),
);

export const head = m.freeze(m.dense(1));
export const several = m.pipeline({
  data: batches,
  model: ({ a }) => ({ a, b: head(m.stack([a])) }),
  objectives: {
    up: {
      parameters: [head, (name: string) => name === 'b'],
      loss: ({ b }) => m.square(b),
      optimizer: m.adam(),
    },
    down: { parameters: head, loss: ({ a }) => m.square(a), optimizer: m.sgd(), every: 2, weight: 0.5 },
  },
  update: 'inTurn',
  programs: { ask: m.program({ z: m.vector(3) }, ({ z }) => ({ z, answer: m.sum(z, { axis: -1 }) })) },
});
export const asked = r.train(several).finished.then(({ model }) => model.run('ask', [{ z: [1, 2, 3] }]));
export const question = m.program({ x: m.float }, ({ x }) => x);
export const fitted = m.pipeline({
  data: batches,
  model: ({ a }) => m.squeeze(net(m.stack([a])), { axis: -1 }),
  loss: (answer, { y }) => m.meanSquaredError(y, answer),
  metrics: { error: (answer, { y }) => m.meanAbsoluteError(y, answer) },
  optimizer,
});

export const run = r.train(fitted, { epochs: 1 });
export const result = await run.finished;
export const { model } = result;
export const servers = [r.serve({ run, port: 0 }), r.serve({ model }), r.serve({ directory: 'model' })];
export const answers = model.predict([{ a: 1 }]);
export const judgement = await r.evaluate(model);
export const loaded = await r.load('model');
export const hooks = [r.earlyStopping(), r.progress(), r.nanGuard()] as const;
export const watching = [r.driftDetection({ detector: r.hddmA() }), r.prequentialEvaluation()] as const;
export const detectors = [r.adwin(), r.cusum(), r.ddm(), r.eddm(), r.hddmW(), r.kswin(), r.pageHinkley()];
export const estimate = r.prequential({ window: 10 });
export const streamed = [m.ftrl(), m.passiveAggressive(), m.runningNormalization(), m.hashing] as const;
export const counter = r.defineHook({
  name: 'counter',
  initialState: { batches: 0 },
  on: ({ batches: seen }) => ({ state: { batches: seen + 1 }, commands: [r.stop('enough')] }),
});
export const commands = [r.snapshot('a'), r.restore('a'), r.atEnd(r.restore('a')), r.setLearningRate(1)];
export const engines = [r.wasmEngine(), r.tensorflowEngine()];

export const compiled = c.compile(fitted);
export const checked = await c.check('program.ts');

export const halved = o.composite({
  name: 'halved',
  inputs: { x: o.float },
  options: { times: o.option.count(1), rest: o.option.axes() },
  body: ({ x }, { times }) => m.multiply(x, 0.5 ** times),
});
export const cubed = o.defineOp({
  name: 'cubed',
  kind: 'map',
  inputs: { x: o.numeric },
  type: o.preserving,
  scalar: ({ x }) => x ** 3,
  gradient: o.none('it is declared only'),
});
export const stackedUp = m.composite({
  name: 'joined',
  inputs: { tensors: o.list },
  body: ({ tensors }) => m.concat(tensors),
});
export const declaredTensors = [halved(weights, { rest: null }), cubed(2), stackedUp([weights, 1])];
export const oddWhole = o.option.option('an odd number', (value): value is number => value === 1);
export const literals = [
  m.tensorOf([[1, 2]]),
  m.zeros([2]),
  m.eye(2),
  m.range(0, 3),
  m.random.normal([2]),
] as const;
