/** What it costs to keep a run: checkpoints of 25 MB while it trains, going on with 10 MB, and how fresh weights are. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wide } from '../durable-model.mjs';
import { atMost } from '../target.mjs';

const milliseconds = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const quantile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

/** Times between the ends of steps, after those in which code is compiled. */
async function stepTimes(pipeline, compiled, hooks) {
  const { train } = await import('millrace/runtime');
  const run = train(pipeline, { steps: 600, compiled, hooks });
  const ends = [];
  run.events$.subscribe((event) => event.type === 'batchFinished' && ends.push(performance.now()));
  const { model } = await run.finished;
  model.dispose();
  return ends.slice(101).map((end, i) => end - ends[i + 100]);
}

async function kept(folder) {
  const { checkpoint } = await import('millrace/runtime');
  const { compile } = await import('millrace/compiler');
  const { pipeline, bytes } = await wide(25e6);
  const compiled = compile(pipeline);
  const plain = [];
  const durable = [];
  for (let round = 0; round < 3; round++) {
    plain.push(...(await stepTimes(pipeline, compiled, [])));
    const hook = checkpoint(join(folder, `kept-${round}`), { every: [100, 'steps'], keep: 2 });
    durable.push(...(await stepTimes(pipeline, compiled, [hook])));
  }
  // The step after every hundredth one waits for the copies of a checkpoint.
  const after = durable.filter((_, i) => (i % 499) % 100 === 99);
  const sum = (times) => times.reduce((total, time) => total + time, 0);
  return {
    bytes,
    step: quantile(plain, 0.5),
    lost: (100 * (sum(durable) - sum(plain))) / sum(plain),
    // What is longest without checkpoints is the machine's.
    copying: quantile(after, 0.5) - quantile(durable, 0.5),
    stall: quantile(durable, 1) - quantile(durable, 0.5),
    stallWithout: quantile(plain, 1) - quantile(plain, 0.5),
  };
}

/** From the start of a process to the first step of a run that goes on. */
async function goneOnWith(folder) {
  const script = fileURLToPath(new URL('../durable-probe.mjs', import.meta.url));
  const first = async () => {
    const began = performance.now();
    const child = spawn(process.execPath, [script, join(folder, 'resumed')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let time;
    child.stdout.once('data', () => {
      time = performance.now() - began;
    });
    await new Promise((resolve) => child.on('close', resolve));
    return time;
  };
  await first();
  const times = [];
  for (let i = 0; i < 5; i++) times.push(await first());
  return quantile(times, 0.5);
}

/** From the arrival of a row to the weights that have learned from it, at a steady rate. */
async function freshness(rate) {
  const { adam, dense, float, from, meanSquaredError, pipeline, relu, sequential, squeeze, vector } =
    await import('millrace');
  const { train } = await import('millrace/runtime');
  const arrivals = [];
  const x = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
  const rows = from(
    { x: vector(16), y: float },
    () => ({
      subscribe(observer) {
        const began = performance.now();
        let sent = 0;
        const timer = setInterval(() => {
          const due = ((performance.now() - began) * rate) / 1000;
          for (; sent < due; sent++) {
            arrivals.push(performance.now());
            observer.next({ x, y: 1 });
          }
        }, 1);
        return { unsubscribe: () => clearInterval(timer) };
      },
    }),
    { overflow: 'error', capacity: 100_000 },
  );
  const net = sequential(dense(64, { activation: relu }), dense(32, { activation: relu }), dense(1));
  const learner = pipeline({
    data: rows.batch(32, { within: 2 }),
    model: ({ x }) => squeeze(net(x), { axis: -1 }),
    loss: (z, { y }) => meanSquaredError(y, z),
    optimizer: adam(),
  });
  const run = train(learner, { steps: 1e9 });
  const waits = [];
  let taken = 0;
  run.events$.subscribe((event) => {
    if (event.type !== 'batchFinished') return;
    const now = performance.now();
    for (let i = 0; i < event.size; i++) waits.push(now - arrivals[taken++]);
    if (taken > 5 * rate) run.stop();
  });
  (await run.finished).model.dispose();
  const later = waits.slice(rate);
  return { p50: quantile(later, 0.5), p99: quantile(later, 0.99) };
}

export const durability = {
  name: 'durability',
  title: 'what it costs to keep a run, and how fresh it is',
  tabulate: async (say) => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    try {
      const { bytes, step, lost, copying, stall, stallWithout } = await kept(folder);
      say('  checkpoints');
      const resumed = await goneOnWith(folder);
      say('  going on');
      const { p50, p99 } = await freshness(20_000);
      return {
        head: ['what', 'how much'],
        rows: [
          [
            `${(bytes / 1e6).toFixed(0)} MB every 100 steps of ${milliseconds(step)}: time lost`,
            `${lost.toFixed(1)} %`,
          ],
          ['the median stall of a step by a checkpoint', milliseconds(copying)],
          [
            'the longest stall of a step',
            `${milliseconds(stall)}; without checkpoints ${milliseconds(stallWithout)}`,
          ],
          ['going on with 10 MB: start of the process to the first step', milliseconds(resumed)],
          [
            'arrival of a row to weights, 20,000 rows/s, batch(32, { within: 2 })',
            `${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
          ],
        ],
        targets: [
          atMost('≤ 1 % of the time lost', lost, 1, ' %'),
          atMost('a stall ≤ 8 ms', stall, 8, ' ms'),
          atMost('first step ≤ 250 ms', resumed, 250, ' ms'),
          atMost('p99 of freshness ≤ 3 ms', p99, 3, ' ms'),
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
