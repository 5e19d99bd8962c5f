/** Serving: what an answer takes in process, how long a new version holds training up, and how many requests a second go over HTTP. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sampleMilliseconds } from '../effort.mjs';
import { atLeast, atMost } from '../target.mjs';
import { timeText } from '../text.mjs';

const columns = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth'];
const flower = { sepalLength: 5.1, sepalWidth: 3.5, petalLength: 1.4, petalWidth: 0.2 };
const connections = 64;

/** The iris model, 4-10-10-3, trained without end. */
async function endless() {
  const { adam, dense, float, int, pipeline, relu, rows, sequential, sparseCategoricalCrossentropy, stack } =
    await import('millrace');
  const { publish, train } = await import('millrace/runtime');
  const classifier = sequential(dense(10, { activation: relu }), dense(10, { activation: relu }), dense(3));
  const schema = { ...Object.fromEntries(columns.map((name) => [name, float])), species: int };
  const iris = pipeline({
    data: rows(schema, [{ ...flower, species: 0 }])
      .repeat(1e9)
      .batch(16),
    model: (row) => classifier(stack(columns.map((name) => row[name]))),
    loss: (logits, { species }) => sparseCategoricalCrossentropy(species, logits, { fromLogits: true }),
    optimizer: adam({ learningRate: 0.01 }),
  });
  const run = train(iris, { hooks: [publish({ every: [0.1, 'seconds'] })] });
  await run.serving.ready();
  return run;
}

async function end(run) {
  run.cancel();
  (await run.finished).model.dispose();
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const shown = (milliseconds) => timeText(milliseconds * 1000);

/** Times of `ask`, one in each turn of the event loop, beside whatever else is done there. */
async function timesOf(ask, milliseconds) {
  const times = [];
  for (let i = 0; i < 2000; i++) ask();
  for (const until = performance.now() + milliseconds; performance.now() < until; ) {
    await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      ask();
      times.push(performance.now() - start);
    }
  }
  return times.sort((a, b) => a - b);
}

async function inProcess(isTraining) {
  const run = await endless();
  if (!isTraining) run.pause();
  const times = await timesOf(() => run.serving.predict(flower), 10 * sampleMilliseconds());
  run.resume();
  await end(run);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** How long training stands still for a version of so many parameters. */
async function swapOf(width) {
  const { dense, meanSquaredError, pipeline, rows, sgd, vector } = await import('millrace');
  const { defineHook, publishNow, train } = await import('millrace/runtime');
  const wide = dense(width);
  const begun = [];
  const took = [];
  const line = pipeline({
    data: rows({ x: vector(width), y: vector(width) }, [
      { x: new Float32Array(width), y: new Float32Array(width) },
    ])
      .repeat(1e9)
      .batch(1),
    model: ({ x }) => wide(x),
    loss: (answer, { y }) => meanSquaredError(y, answer),
    optimizer: sgd({ learningRate: 0.01 }),
  });
  const asking = defineHook({
    name: 'asking',
    initialState: {},
    events: ['batchFinished'],
    on: () => {
      begun.push(performance.now());
      return { state: {}, commands: [publishNow()] };
    },
  });
  const run = train(line, { steps: 60, hooks: [asking] });
  run.events$.subscribe(({ type }) => {
    if (type === 'modelPublished' && took.length < begun.length) took.push(performance.now() - begun.at(-1));
  });
  (await run.finished).model.dispose();
  // The first one opens the session that answers.
  const times = took.slice(1).sort((a, b) => a - b);
  return { parameters: width * width + width, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** What clients in a process of their own see. */
function load(port, seconds) {
  const script = fileURLToPath(new URL('../serve/load.mjs', import.meta.url));
  const args = [script, port, connections, seconds, JSON.stringify(flower)].map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (piece) => {
      text += piece;
    });
    child.on('error', reject);
    child.on('close', () => resolve(JSON.parse(text)));
  });
}

async function overHttp(isTraining, thread) {
  const { serve } = await import('millrace/runtime');
  const run = await endless();
  const server = await serve({ run, thread });
  if (!isTraining) run.pause();
  const seconds = (10 * sampleMilliseconds()) / 1000;
  await load(server.port, seconds / 4);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const seen = await load(server.port, seconds);
  const { user, system } = process.cpuUsage(cpu);
  const used = (user + system) / 1000 / (performance.now() - start);
  await server.close();
  run.resume();
  await end(run);
  return { ...seen, used };
}

export const serve = {
  name: 'serve',
  title: `serving the iris model: in process, and over HTTP to ${connections} keep-alive connections of another process`,
  tabulate: async (say) => {
    const head = ['what', 'rate', 'p50', 'p99', 'cores used: ours, clients’'];
    const rows = [];
    const add = (...cells) => rows.push([...cells, ''].slice(0, head.length));
    const alone = await inProcess(false);
    const beside = await inProcess(true);
    add('serving.predict(row), training paused', '', shown(alone.p50), shown(alone.p99));
    add('serving.predict(row), beside training', '', shown(beside.p50), shown(beside.p99));
    const swaps = [];
    for (const width of [30, 300, 1000]) {
      const swap = await swapOf(width);
      swaps.push(swap);
      add(
        `a new version of ${swap.parameters.toLocaleString('en')} parameters`,
        '',
        shown(swap.p50),
        shown(swap.p99),
      );
    }
    const http = new Map();
    for (const isTraining of [false, true])
      for (const thread of [true, false]) {
        const seen = await overHttp(isTraining, thread);
        const failed = Object.entries(seen.failures);
        if (failed.length > 0)
          say(`  requests that failed: ${failed.map((each) => each.join(': ')).join(', ')}`);
        http.set(`${isTraining} ${thread}`, seen);
        add(
          `HTTP, ${isTraining ? 'training' : 'training paused'}, ${thread ? 'a thread of its own' : 'the thread that trains'}`,
          `${Math.round(seen.perSecond).toLocaleString('en')}/s`,
          shown(seen.p50),
          shown(seen.p99),
          `${seen.used.toFixed(2)}, ${seen.cpu.toFixed(2)}`,
        );
      }
    const rate = (isTraining) => http.get(`${isTraining} true`)?.perSecond;
    return {
      head,
      rows,
      targets: [
        atMost('an answer in process, p99 ≤ 1 ms', alone.p99, 1, ' ms'),
        atMost('an answer in process beside training, p99 ≤ 1 ms', beside.p99, 1, ' ms'),
        atMost(
          `a swap of ${swaps[1].parameters.toLocaleString('en')} parameters ≤ 1 ms`,
          swaps[1].p50,
          1,
          ' ms',
        ),
        atLeast('≥ 20,000 requests/s over HTTP', rate(false), 20_000, '/s'),
        atLeast('≥ 20,000 requests/s over HTTP beside training', rate(true), 20_000, '/s'),
      ],
    };
  },
};
