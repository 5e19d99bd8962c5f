/** How much of what the machine can compute a whole step uses: its matrix products set a floor that no kernel gets below. */
import { engineStep } from '../engine-step.mjs';
import { looped } from '../looped.mjs';
import { pipelineOf } from '../models.mjs';
import { peakProbe } from '../peak-probe.mjs';
import { tasks } from '../tasks.mjs';
import { timeText } from '../text.mjs';

const names = ['iris', 'mlp', 'cnn32', 'cnn128', 'wide', 'transformer'];
const rounds = 5;

/** The peak, in operations a microsecond, taken right beside what is judged by it. */
function speedOf({ run, operations }) {
  const start = performance.now();
  run();
  return operations / (1000 * (performance.now() - start));
}

export const efficiency = {
  name: 'efficiency',
  title:
    'a step on one thread, beside the time that its matrix products take at the peak of WebAssembly without relaxed SIMD',
  tabulate: async () => {
    const { compile, planProgram } = await import('millrace/compiler');
    const { operationsOf } = await import('../operations.mjs');
    const peak = await peakProbe();
    for (let i = 0; i < 30; i++) speedOf(peak);
    const rows = [];
    for (const name of names) {
      const task = tasks[name]();
      const plan = planProgram(compile(await pipelineOf(task)).module, 'step');
      const operations = plan.kernels.reduce((sum, kernel) => sum + operationsOf(kernel, task.batch), 0);
      const { step, close } = await engineStep(task, { threads: 1 });
      const { sample } = await looped(step, 100);
      let speed = 0;
      let time = Number.POSITIVE_INFINITY;
      for (let round = 0; round < rounds; round++) {
        speed = Math.max(speed, speedOf(peak));
        time = Math.min(time, (await sample()).microseconds);
      }
      close();
      const floor = operations / speed;
      rows.push([
        name,
        (operations / 1e6).toPrecision(3),
        timeText(floor),
        timeText(time),
        `${((100 * floor) / time).toFixed(0)} %`,
      ]);
    }
    return {
      head: ['task', 'products, MFLOP', 'at the peak', 'a step', 'of the peak'],
      rows,
      targets: [],
    };
  },
};
