/** How the cost of a step grows with the batch, the width, the depth, and the number of threads. */
import { availableParallelism } from 'node:os';
import { engineStep } from '../engine-step.mjs';
import { looped } from '../looped.mjs';
import { convolutionTask, denseTask, transformerTask } from '../tasks.mjs';
import { timeText } from '../text.mjs';

const cores = availableParallelism();
const threadCounts = [1, 2, 4].filter((count) => count <= cores);

const series = [
  {
    title: 'batch',
    says: '784-512-10, rows in a batch',
    values: [1, 4, 16, 64, 128, 256, 512],
    task: (batch) => denseTask([784, 512, 10], batch, 0.001),
  },
  {
    title: 'width',
    says: '784-N-10, batch 128, hidden units',
    values: [32, 64, 128, 256, 512, 1024, 2048],
    task: (width) => denseTask([784, width, 10], 128, 0.001),
  },
  {
    title: 'depth',
    says: '128-…-128-10, batch 128, hidden layers',
    values: [1, 2, 4, 8, 16, 32],
    task: (depth) => denseTask([...Array(depth + 1).fill(128), 10], 128, 0.001),
  },
];

/** The best of a few short samples: the shape of a curve needs no long ones, and noise only adds. */
const rounds = 5;
async function timeOf(task, threads) {
  const { step, close } = await engineStep(task, { threads });
  const { sample } = await looped(step, 60);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) best = Math.min(best, (await sample()).microseconds);
  close();
  return best;
}

async function curve({ title, says, values, task }) {
  const lines = [];
  for (const threads of threadCounts.slice(0, 1).concat(cores > 1 ? [cores] : [])) {
    const times = [];
    for (const value of values) times.push(await timeOf(task(value), threads));
    lines.push({ name: threads === 1 ? 'one thread' : `${threads} threads`, values: times });
  }
  return { title, x: { name: says, values }, y: { name: 'a step', unit: timeText }, lines };
}

async function byThreads() {
  const workloads = [
    ['784-512-10', () => denseTask([784, 512, 10], 128, 0.001)],
    ['CNN, b32', () => convolutionTask(32)],
    ['transformer', () => transformerTask()],
  ];
  const lines = [];
  for (const [name, task] of workloads) {
    const times = [];
    for (const threads of threadCounts) times.push(await timeOf(task(), threads));
    lines.push({ name, values: times });
  }
  return {
    title: 'threads',
    x: { name: 'threads', values: threadCounts },
    y: { name: 'a step', unit: timeText },
    lines,
  };
}

export const growth = {
  name: 'growth',
  title: 'how the cost of a step grows',
  tabulate: async (say) => {
    const charts = [];
    for (const one of series) {
      charts.push(await curve(one));
      say(`  ${one.title}`);
    }
    charts.push(await byThreads());
    return {
      head: ['grows', 'what', 'a step'],
      rows: charts.flatMap(({ title, x, y, lines }) =>
        lines.map(({ name, values }) => [
          title,
          `${x.name}: ${name}`,
          values.map((value, i) => `${x.values[i]}: ${y.unit(value)}`).join(' · '),
        ]),
      ),
      targets: [],
      charts,
    };
  },
};
