/**
 * `node bench/kernel-times.mjs TASK [--relaxed]`: where the time of a step goes, kernel by kernel. Each kernel is emitted
 * alone and runs over the memory that a whole step has filled.
 */
import { setFlagsFromString } from 'node:v8';
import { freshBuild } from '../scripts/fresh-build.mjs';
import { pipelineOf } from './models.mjs';
import { tasks } from './tasks.mjs';
import { timeText } from './text.mjs';

const name = process.argv[2];
if (!(name in tasks)) {
  console.error(`whose kernels? one of ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
if (!freshBuild()) process.exit(1);
const { compile, planProgram } = await import('millrace/compiler');
const { operationsOf } = await import('./operations.mjs');
const { emit, memoryNeeds } = await import('../dist/compiler/6-emit/wasm/index.js');

const relaxedSimd = process.argv.includes('--relaxed');
if (relaxedSimd) setFlagsFromString('--experimental-wasm-relaxed-simd');
const rounds = 15;
const task = tasks[name]();
const { module } = compile(await pipelineOf(task));
const plan = planProgram(module, 'step');
const pages = Math.ceil(Math.max(memoryNeeds(plan).bytes, 65_536) / 65_536);
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });

function runnable(part) {
  const module = new WebAssembly.Module(emit(part, { relaxedSimd }));
  return new WebAssembly.Instance(module, { env: { memory, origin: 0 } }).exports.run;
}

function fill({ dtype, offset, bytes }, values) {
  const Numbers = dtype === 'float32' ? Float32Array : Int32Array;
  new Numbers(memory.buffer, offset, bytes / 4).set(values);
}

function begin() {
  new Uint8Array(memory.buffer).fill(0);
  const regionOf = (state) => plan.regions.find((region) => region.kind === 'state' && region.name === state);
  const params = module.state.filter(({ role }) => role === 'param');
  for (const [i, { id: param }] of params.entries()) fill(regionOf(param), task.weights[i].values);
  const rate = regionOf('§rate');
  if (rate) fill(rate, [task.learningRate]);
  for (const port of plan.inputs) fill(plan.regions[port.region], task.columns[port.name].values);
}

/** The best of some rounds, in microseconds, each of as many runs as the clock needs. */
function bestOf(run) {
  let count = 1;
  const timed = () => {
    const start = performance.now();
    for (let i = 0; i < count; i++) run(task.batch);
    return (1000 * (performance.now() - start)) / count;
  };
  while (timed() * count < 3000) count *= 2;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) best = Math.min(best, timed());
  return best;
}

begin();
const whole = runnable(plan);
whole(task.batch);
const times = plan.kernels.map((kernel) => {
  // State that is written over and over would run away; every kernel finds what a first step left.
  begin();
  whole(task.batch);
  return { kernel, microseconds: bestOf(runnable({ ...plan, kernels: [kernel] })) };
});
begin();
const step = bestOf(whole);
const sum = times.reduce((total, { microseconds }) => total + microseconds, 0);
console.log(`${name}: a step ${timeText(step)}, its ${times.length} kernels alone ${timeText(sum)}`);
for (const { kernel, microseconds } of times.sort((a, b) => b.microseconds - a.microseconds).slice(0, 30)) {
  const operations = operationsOf(kernel, task.batch);
  const speed = operations ? `${(operations / microseconds / 1000).toFixed(1)} GFLOP/s` : '';
  const share = `${((100 * microseconds) / sum).toFixed(1)} %`;
  console.log(
    `  ${share.padStart(6)}  ${timeText(microseconds).padEnd(9)} ${speed.padEnd(13)} ${kernel.kind.padEnd(9)} ${kernel.name.slice(0, 70)}`,
  );
}
