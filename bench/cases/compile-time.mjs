/** How long compiling takes, and how it grows with the graph. */
import { pipelineOf } from '../models.mjs';
import { atMost } from '../target.mjs';
import { denseTask } from '../tasks.mjs';
import { timeText } from '../text.mjs';

/** Hidden layers of a deep chain; the last one makes a step of some 10,000 nodes. */
const depths = [4, 8, 16, 32, 64, 128];
const rounds = 3;

async function compiled(depth) {
  const { compile, phases, planProgram } = await import('millrace/compiler');
  const { emit } = await import('../../dist/compiler/6-emit/wasm/index.js');
  const { topological } = await import('../../dist/compiler/ir/graph.js');
  const chain = await pipelineOf(denseTask(Array(depth + 1).fill(8), 4, 0.01));
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
  return { depth, nodes, ...best };
}

export const compileTime = {
  name: 'compile',
  title: 'compiling a chain of dense layers, all four programs, by the nodes of its step',
  tabulate: async () => {
    // Once in vain: what is measured is the compiler, not the host's compiler of it.
    await compiled(32);
    const rows = [];
    for (const depth of depths) rows.push(await compiled(depth));
    const largest = rows.at(-1);
    const whole = ({ phases, emit }) => phases + emit;
    const growth = whole(largest) / largest.nodes / (whole(rows.at(-3)) / rows.at(-3).nodes);
    const sized = (10_000 * whole(largest)) / largest.nodes;
    return {
      head: ['layers', 'nodes', 'to the plan', 'to WebAssembly', 'in all', 'a node'],
      rows: rows.map((row) => [
        String(row.depth),
        String(row.nodes),
        timeText(row.phases),
        timeText(row.emit),
        timeText(whole(row)),
        timeText(whole(row) / row.nodes),
      ]),
      targets: [
        atMost('10,000 nodes ≤ 2 s', sized / 1e6, 2, ' s'),
        atMost(
          `grows linearly: a node of ${largest.nodes} ≤ 1.5× one of ${rows.at(-3).nodes}`,
          growth,
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
