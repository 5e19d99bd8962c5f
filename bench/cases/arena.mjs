/** Memory that values share, beside what is alive at one time: no arrangement can take less. */
import { pipelineOf } from '../models.mjs';
import { atMost } from '../target.mjs';
import { tasks } from '../tasks.mjs';

const kibibytes = (bytes) => (bytes / 1024).toLocaleString('en', { maximumFractionDigits: 1 });

/** Bytes of the arena, and of the values in it that one kernel needs alive at most. */
function arenaOf({ regions, kernels }, regionsOf) {
  const lifetimes = new Map();
  for (const [at, kernel] of kernels.entries()) {
    for (const region of regionsOf(kernel)) {
      if (regions[region].kind !== 'arena') continue;
      const { from = at } = lifetimes.get(region) ?? {};
      lifetimes.set(region, { from, to: at });
    }
  }
  const alive = kernels.map((_, at) => {
    let bytes = 0;
    for (const [region, { from, to }] of lifetimes) {
      if (from <= at && at <= to) bytes += regions[region].bytes;
    }
    return bytes;
  });
  const used = [...lifetimes.keys()].map((region) => regions[region]);
  const start = Math.min(...used.map(({ offset }) => offset));
  const end = Math.max(...used.map(({ offset, bytes }) => offset + bytes));
  return {
    arena: used.length > 0 ? end - start : 0,
    least: Math.max(0, ...alive),
    apart: used.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export const arena = {
  name: 'arena',
  title: 'memory of a step: values over each other, and the least that any arrangement takes',
  tabulate: async () => {
    const { compile, planProgram } = await import('millrace/compiler');
    const { regionsOf } = await import('../../dist/compiler/5-plan/3-kernels/touched.js');
    const found = [];
    for (const [name, task] of Object.entries(tasks)) {
      const plan = planProgram(compile(await pipelineOf(task())).module, 'step');
      found.push({ name, kernels: plan.kernels.length, ...arenaOf(plan, regionsOf) });
    }
    const ratio = ({ arena, least }) => (least > 0 ? arena / least : 1);
    const worst = found.reduce((a, b) => (ratio(b) > ratio(a) ? b : a));
    return {
      head: ['task', 'kernels', 'arena, KiB', 'least, KiB', 'side by side, KiB', 'arena : least'],
      rows: found.map((one) => [
        one.name,
        String(one.kernels),
        kibibytes(one.arena),
        kibibytes(one.least),
        kibibytes(one.apart),
        `${ratio(one).toFixed(3)}×`,
      ]),
      targets: [
        atMost(`arena ≤ 1.1× the least, of all tasks (the worst: ${worst.name})`, ratio(worst), 1.1, '×'),
      ],
    };
  },
};
