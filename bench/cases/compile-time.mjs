/** How long compiling takes, and how it grows with the graph. */
import { pipelineOf } from '../models.mjs';
import { atMost } from '../target.mjs';
import { denseTask } from '../tasks.mjs';
import { timeText } from '../text.mjs';

/** Hidden layers of a deep chain; the last one makes a step of some 10,000 nodes. */
const depths = [4, 8, 16, 32, 64, 128];
/** Steps of a recurrence that is written out, one after the other. */
const lengths = [25, 100, 400];
const rounds = 3;

async function chainOf(depth) {
  return pipelineOf(denseTask(Array(depth + 1).fill(8), 4, 0.01));
}

/** An LSTM by hand, each of its steps in the graph. */
async function unrolled(length) {
  const { add, arrays, dense, float, matmul, meanSquaredError, multiply, param, pipeline, reshape } =
    await import('millrace');
  const { sgd, sigmoid, slice, squeeze, tanh, tensor } = await import('millrace');
  const [units, features] = [8, 4];
  const series = [Array.from({ length }, () => Array(features).fill(0))];
  return pipeline({
    data: arrays({ x: tensor([length, features]), y: float }, { x: series, y: [0] }).batch(4),
    model: ({ x }) => {
      const kernel = param([features, 4 * units], { name: 'kernel' });
      const recurrent = param([units, 4 * units], { name: 'recurrent' });
      const part = (of, at) => slice(of, { starts: [0, at], sizes: ['B', units] });
      let [h, c] = [undefined, undefined];
      for (let t = 0; t < length; t++) {
        const step = squeeze(slice(x, { starts: [0, t, 0], sizes: ['B', 1, features] }), { axis: 1 });
        const seen = matmul(step, kernel);
        const gates = h ? add(seen, matmul(h, recurrent)) : seen;
        const [i, f, o] = [0, 1, 2].map((gate) => sigmoid(part(gates, gate * units)));
        const fresh = multiply(i, tanh(part(gates, 3 * units)));
        c = c ? add(multiply(f, c), fresh) : fresh;
        h = multiply(o, tanh(c));
      }
      return dense(1)(h);
    },
    loss: (out, { y }) => meanSquaredError(reshape(y, ['B', 1]), out),
    optimizer: sgd({ learningRate: 0.01 }),
  });
}

async function compiled(name, chain) {
  const { compile, phases, planProgram } = await import('millrace/compiler');
  const { emit } = await import('../../dist/compiler/6-emit/wasm/index.js');
  const { topological } = await import('../../dist/compiler/ir/graph.js');
  const nodes = topological(phases(chain).checked.differentiate.get('step')).length;
  let best = { phases: Number.POSITIVE_INFINITY, emit: 0 };
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const { module } = compile(chain);
    const plans = [...module.programs.keys()].map((name) => planProgram(module, name));
    const planned = performance.now();
    for (const plan of plans) emit(plan);
    const times = { phases: 1000 * (planned - start), emit: 1000 * (performance.now() - planned) };
    if (times.phases + times.emit < best.phases + best.emit) best = times;
  }
  return { name, nodes, ...best };
}

const whole = ({ phases, emit }) => phases + emit;

export const compileTime = {
  name: 'compile',
  title:
    'compiling chains of dense layers and recurrences written out, all programs, by the nodes of the step',
  tabulate: async () => {
    // Once in vain: what is measured is the compiler, not the host's compiler of it.
    await compiled('', await chainOf(32));
    const rows = [];
    for (const depth of depths) rows.push(await compiled(`${depth} layers`, await chainOf(depth)));
    const recurrences = [];
    for (const length of lengths)
      recurrences.push(await compiled(`LSTM, ${length} steps`, await unrolled(length)));
    const perNode = (row) => whole(row) / row.nodes;
    const largest = rows.at(-1);
    const growth = perNode(largest) / perNode(rows.at(-3));
    const unrolling = perNode(recurrences.at(-1)) / perNode(recurrences.at(-2));
    const sized = (10_000 * whole(largest)) / largest.nodes;
    return {
      head: ['', 'nodes', 'to the plan', 'to WebAssembly', 'in all', 'a node'],
      rows: [...rows, ...recurrences].map((row) => [
        row.name,
        String(row.nodes),
        timeText(row.phases),
        timeText(row.emit),
        timeText(whole(row)),
        timeText(perNode(row)),
      ]),
      targets: [
        atMost('10,000 nodes ≤ 0.7 s', sized / 1e6, 0.7, ' s'),
        atMost(
          `grows linearly: a node of ${largest.nodes} ≤ 1.5× one of ${rows.at(-3).nodes}`,
          growth,
          1.5,
          '×',
        ),
        atMost(
          `a recurrence written out grows linearly: a node of ${lengths.at(-1)} steps ≤ 1.5× one of ${lengths.at(-2)}`,
          unrolling,
          1.5,
          '×',
        ),
      ],
      charts: [
        {
          title: 'compile time',
          x: { name: 'nodes of the step', values: rows.map(({ nodes }) => nodes) },
          y: { name: 'time', unit: timeText },
          lines: [
            { name: 'in all', values: rows.map(whole) },
            { name: 'to the plan', values: rows.map(({ phases }) => phases) },
          ],
        },
      ],
    };
  },
};
