/**
 * `node bench/matmul.mjs`: how fast the emitted contractions run, beside what the machine can do at most.
 * The peak is measured by multiplications and additions on registers alone, with nothing fetched and nothing stored.
 */
import { freshBuild } from '../scripts/fresh-build.mjs';

if (!freshBuild()) process.exit(1);
const { emit, memoryNeeds } = await import('../dist/compiler/6-emit/wasm/index.js');
const { FunctionBody } = await import('../dist/compiler/6-emit/wasm/function.js');
const { ModuleBuilder } = await import('../dist/compiler/6-emit/wasm/module.js');

/** Rows, columns, depth, and which side is transposed: the products of a dense layer forward and backward. */
const products = [
  ['forward 128×512×784', 128, 512, 784, ''],
  ['kernel gradient 784×512×128', 784, 512, 128, 'left'],
  ['input gradient 128×784×512', 128, 784, 512, 'right'],
  ['square 256×256×256', 256, 256, 256, ''],
  ['narrow 128×10×512', 128, 10, 512, ''],
  ['tiny 16×10×10', 16, 10, 10, ''],
  ['tiny gradient 10×10×16', 10, 10, 16, 'left'],
];

/** Independent sums in registers: enough of them to hide the time that one takes. */
const chains = 12;
const turns = 50_000;

function peakProbe() {
  const f = new FunctionBody({ takes: ['i32'], gives: [] });
  const load = (offset) => {
    const local = f.local('v128');
    f.get(f.params[0]);
    f.op('v128.load', { offset });
    f.set(local);
    return local;
  };
  const [factor, term] = [load(0), load(16)];
  const sums = Array.from({ length: chains }, (_, i) => load(32 + 16 * i));
  const left = f.local('i32');
  f.i32(turns);
  f.set(left);
  f.loop((again) => {
    for (const sum of [...sums, ...sums, ...sums, ...sums]) {
      f.get(sum);
      f.get(factor);
      f.op('f32x4.mul');
      f.get(term);
      f.op('f32x4.add');
      f.set(sum);
    }
    f.get(left);
    f.i32(1);
    f.op('i32.sub');
    f.tee(left);
    f.branchIf(again);
  });
  for (const [i, sum] of sums.entries()) {
    f.get(f.params[0]);
    f.get(sum);
    f.op('v128.store', { offset: 16 * i });
  }
  const module = new ModuleBuilder();
  module.importGlobal('origin', 'i32');
  module.export('run', module.add('peak', f));
  const run = start(module.finish('peak', 1), 1);
  return { run: () => run(0), operations: turns * 4 * chains * 8 };
}

function product(rows, columns, depth, transposed, repeats) {
  const region = (shape) => ({ name: 'matrix', kind: 'arena', dtype: 'float32', shape });
  const regions = [region([rows * depth]), region([depth * columns]), region([rows * columns])];
  let offset = 0;
  for (const one of regions) {
    one.offset = offset;
    one.bytes = Math.ceil(one.shape[0] / 4) * 16;
    offset += one.bytes;
  }
  const side = (at, free, step) => ({ region: at, offset: 0, batch: [], free, depth: step });
  const kernel = {
    kind: 'contract',
    name: 'product',
    batch: [],
    rows,
    columns,
    depth,
    left: transposed === 'left' ? side(0, 1, rows) : side(0, depth, 1),
    right: transposed === 'right' ? side(1, depth, 1) : side(1, 1, columns),
    body: [{ kind: 'accumulator', dtype: 'float32' }],
    stores: [{ access: { region: 2, strides: [columns, 1], offset: 0 }, value: 0 }],
    spans: [],
  };
  const kernels = Array.from({ length: repeats }, () => kernel);
  const plan = {
    name: 'bench',
    program: 'step',
    capacity: 1,
    regions,
    kernels,
    inputs: [],
    outputs: [],
    stateBytes: 0,
    bytes: offset,
    naiveBytes: offset,
  };
  const run = start(emit(plan), Math.ceil(memoryNeeds(plan).bytes / 65_536));
  return { run: () => run(1), operations: 2 * rows * columns * depth * repeats };
}

function start(bytes, pages) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  new Float32Array(memory.buffer).forEach((_, i, all) => {
    all[i] = Math.sin(i);
  });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory, origin: 0 } }).exports.run;
}

/** The best of many rounds, in turns with all others: a busy machine slows every one of them the same. */
const rounds = 300;
const candidates = [
  { name: 'peak', ...peakProbe() },
  ...products.map(([name, rows, columns, depth, transposed]) => ({
    name,
    ...product(rows, columns, depth, transposed, Math.ceil(2e7 / (rows * columns * depth))),
  })),
].map((candidate) => ({ ...candidate, best: Number.POSITIVE_INFINITY }));
for (let round = 0; round < rounds; round++) {
  for (const candidate of candidates) {
    const began = performance.now();
    candidate.run();
    candidate.best = Math.min(candidate.best, performance.now() - began);
  }
  // The host's optimising compiler works beside us and takes over between calls.
  await new Promise((resolve) => setImmediate(resolve));
}
const speed = ({ operations, best }) => operations / best / 1e6;
const peak = speed(candidates[0]);
for (const candidate of candidates) {
  const share =
    candidate === candidates[0] ? '' : `${((100 * speed(candidate)) / peak).toFixed(0)} % of the peak`;
  console.log(`${candidate.name.padEnd(30)} ${speed(candidate).toFixed(1).padStart(6)} GFLOP/s  ${share}`);
}
