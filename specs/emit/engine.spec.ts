/** The wasm engine: programs share their state and nothing else; what cannot run is refused in words. */
import { afterEach, expect, test, vi } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { compile } from '../../compiler/index.ts';
import { allocate } from '../../runtime/engines/wasm/host.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import * as m from '../../stdlib/index.ts';

const model = m.sequential(m.dense(5, { activation: m.tanh }), m.dense(3));
const data = m.rows({ x: m.vector(4), y: m.int }, [{ x: [1, 2, 3, 4], y: 0 }]);
const example = m.pipeline({
  data: data.batch(6),
  model: ({ x }) => model(x),
  loss: (logits, { y }) => m.sparseCategoricalCrossentropy(y, logits, { fromLogits: true }),
  optimizer: m.adam({ learningRate: 0.01 }),
});

async function session() {
  const loaded = await wasm.load(compile(example).module);
  loaded.write('§seed', [3, 4]);
  loaded.program('init').run(1);
  for (const name of ['step', 'evaluate', 'predict'] as const) {
    for (const [column, values] of Object.entries(loaded.program(name).inputs)) {
      for (let i = 0; i < values.length; i++) values[i] = column === 'y' ? i % 3 : Math.sin(i + name.length);
    }
  }
  return loaded;
}

const copied = (arrays: Readonly<Record<string, ArrayLike<number>>>) =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));

function codeOf(body: () => unknown): string | undefined {
  try {
    body();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code;
    throw error;
  }
  return undefined;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('a program finds its inputs, literals and outputs as it left them, whatever ran between', async () => {
  const alone = await session();
  const mixed = await session();
  for (let turn = 0; turn < 3; turn++) {
    alone.program('step').run(6);
    mixed.program('step').run(6);
    const after = copied(mixed.program('step').outputs);
    const inputs = copied(mixed.program('step').inputs);
    mixed.program('predict').run(4);
    mixed.program('evaluate').run(5);
    expect(copied(mixed.program('step').outputs)).toEqual(after);
    expect(copied(mixed.program('step').inputs)).toEqual(inputs);
    expect(copied(alone.program('step').outputs)).toEqual(after);
  }
});

test('state is common to all programs, and can be read and written', async () => {
  const loaded = await session();
  const predict = loaded.program('predict');
  predict.run(6);
  const before = copied(predict.outputs);
  const kernel = loaded.read('dense.kernel');
  loaded.program('step').run(6);
  predict.run(6);
  expect(copied(predict.outputs)).not.toEqual(before);
  loaded.write('dense.kernel', kernel);
  expect(loaded.read('dense.kernel')).toEqual(kernel);
  expect(() => loaded.write('dense.kernel', [1])).toThrow(/^internal: /);
  expect(() => loaded.read('no such state')).toThrow(/^internal: /);
});

test('a batch of more rows than there is room for is refused', async () => {
  const program = (await session()).program('step');
  expect(codeOf(() => program.run(program.capacity + 1))).toBe('ENG603');
  expect(codeOf(() => program.run(-1))).toBe('ENG603');
  expect(codeOf(() => program.run(program.capacity))).toBeUndefined();
});

test('more memory than WebAssembly has is refused', () => {
  expect(codeOf(() => allocate(2 ** 33, 'a giant'))).toBe('ENG602');
});

test.each([
  ['no WebAssembly', undefined],
  ['WebAssembly without vectors', { validate: () => false }],
])('a host with %s is refused', async (_, stub) => {
  vi.stubGlobal('WebAssembly', stub);
  vi.resetModules();
  const { requireSimd } = await import('../../runtime/engines/wasm/host.ts');
  expect(() => requireSimd()).toThrow(/ENG601/);
});
