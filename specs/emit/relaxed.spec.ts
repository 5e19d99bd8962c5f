/** Relaxed SIMD: asked for and there, contractions round once or twice as the host likes; else nothing changes. */
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../compiler/5-plan/plan.ts';
import { emit, memoryNeeds, relaxedProbe } from '../../compiler/6-emit/wasm/index.ts';
import { compile } from '../../compiler/index.ts';
import { hasRelaxedSimd } from '../../runtime/engines/wasm/host.ts';
import { compileModule, instantiate, webAssembly } from '../../runtime/engines/wasm/webassembly.ts';
import { wasmEngine } from '../../runtime/index.ts';
import * as m from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { Chooser } from './chooser.ts';
import { planOf } from './run-plan.ts';

const count = tally('relaxed products', { sums: 3000, 'rounded otherwise': 0 });

// Node 20 has it behind a flag, later ones as it is.
beforeAll(() => {
  if (!hasRelaxedSimd()) setFlagsFromString('--experimental-wasm-relaxed-simd');
});

function product(rows: number, columns: number, depth: number): Plan {
  const region = (shape: number[]) => ({ name: 'm', kind: 'input', dtype: 'float32', shape }) as const;
  const side = (at: number, free: number, step: number) => ({
    region: at,
    offset: 0,
    batch: [],
    free,
    depth: step,
  });
  const regions = [region([rows, depth]), region([depth, columns]), region([rows, columns])];
  const kernel = {
    kind: 'contract',
    name: 'product',
    batch: [],
    rows,
    columns,
    depth,
    left: side(0, depth, 1),
    right: side(1, 1, columns),
    body: [{ kind: 'accumulator', dtype: 'float32' }],
    stores: [{ access: { region: 2, strides: [columns, 1], offset: 0 }, value: 0 }],
    spans: [],
  } as const;
  return planOf(regions, [kernel], 1);
}

/** Left, right and their product. */
function multiplied(plan: Plan, seed: number, relaxedSimd: boolean): Float32Array[] {
  const pages = Math.ceil(memoryNeeds(plan).bytes / 65_536);
  const memory = new webAssembly!.Memory({ initial: pages, maximum: pages });
  const choose = new Chooser(seed);
  const views = plan.regions.map(({ offset, shape }) => {
    const size = shape.reduce<number>((all, dim) => all * Number(dim), 1);
    return new Float32Array(memory.buffer, offset, size);
  });
  for (const view of views.slice(0, 2)) view.set(Float32Array.from(view, () => choose.real()));
  const module = compileModule(emit(plan, { relaxedSimd }));
  (instantiate(module, { memory, origin: 0 }).run as (rows: number) => void)(1);
  return views;
}

test('sums of products, each step rounded once or twice', () => {
  if (!hasRelaxedSimd()) return;
  const size = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(size, size, size, fc.integer(), (rows, columns, depth, seed) => {
      const plan = product(rows, columns, depth);
      const [left, right, relaxed] = multiplied(plan, seed, true);
      const exact = multiplied(plan, seed, false)[2]!;
      for (const [at, sum] of relaxed!.entries()) {
        const [row, column] = [Math.floor(at / columns), at % columns];
        const terms = Array.from({ length: depth }, (_, k) => [
          left![row * depth + k]!,
          right![k * columns + column]!,
        ]);
        const once = terms.reduce((total, [a, b]) => Math.fround(total + a! * b!), 0);
        const twice = terms.reduce((total, [a, b]) => Math.fround(total + Math.fround(a! * b!)), 0);
        // The product of two binary32 is exact as a double; their sum is, but for ties, as good as exact.
        expect([once, twice]).toContain(sum);
        expect(exact[at]).toBe(twice);
        count('sums');
        if (once !== twice && sum === once) count('rounded otherwise');
      }
    }),
    { numRuns: runs(60) },
  );
});

const model = m.sequential(m.dense(70, { activation: m.relu }), m.dense(4));
const example = m.pipeline({
  data: m.rows({ x: m.vector(90), y: m.int }, [{ x: new Float32Array(90), y: 0 }]).batch(32),
  model: ({ x }) => model(x),
  loss: (logits, { y }) => m.sparseCategoricalCrossentropy(y, logits, { fromLogits: true }),
  optimizer: m.sgd({ learningRate: 0.1 }),
});

async function trained(relaxedSimd: boolean, threads: number): Promise<Float32Array> {
  const session = await wasmEngine({ relaxedSimd, threads }).load(compile(example).module);
  session.write('§seed', [1, 2]);
  session.program('init').run(1);
  const step = session.program('step');
  for (let i = 0; i < step.inputs.x!.length; i++) step.inputs.x![i] = Math.sin(i);
  for (let i = 0; i < step.inputs.y!.length; i++) step.inputs.y![i] = i % 4;
  for (let i = 0; i < 20; i++) {
    step.run(32);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const weights = session.read('dense.kernel') as Float32Array;
  session.dispose();
  return weights;
}

test('a session learns the same but for rounding, and on any number of threads the same bytes', async () => {
  const [exact, relaxed, divided] = [await trained(false, 1), await trained(true, 1), await trained(true, 3)];
  expect(divided).toEqual(relaxed);
  for (const [i, weight] of relaxed.entries()) expect(weight).toBeCloseTo(exact[i]!, 4);
});

test('a host without it runs as if nothing had been said', async () => {
  const exact = await trained(false, 1);
  const { validate } = webAssembly!;
  webAssembly!.validate = (bytes) => Buffer.compare(bytes, relaxedProbe()) !== 0 && validate(bytes);
  try {
    expect(await trained(true, 1)).toEqual(exact);
  } finally {
    webAssembly!.validate = validate;
  }
});
