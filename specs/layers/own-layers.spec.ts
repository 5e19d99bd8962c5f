/** Layers that a user's file defines, read without being run: checked arguments, state, freezing, layers in layers. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../compiler/index.ts';
import { withFiles } from '../static/with-files.ts';

const head = `import { add, arrays, defineLayer, dense, freeze, matmul, meanSquaredError, param, pipeline, sequential, sgd, sigmoid, state, update, vector } from 'millrace';
import type { LayerOptions, Tensor } from 'millrace';
import { check } from 'millrace/op';

interface GatedOptions extends LayerOptions {
  readonly gate?: (x: Tensor) => Tensor;
}

const gated = defineLayer(
  'gated',
  (units: number, { gate = sigmoid }: GatedOptions = {}) => ({
    build: (x) => ({ w: param([x.shape.at(-1) as number, units]), calls: state([]) }),
    call: ({ w, calls }, x) => update(gate(matmul(x, w)), calls, add(calls, 1)),
  }),
  { arguments: { units: check.count }, options: { gate: check.activation }, examples: [{ of: [2], on: [[3]] }] },
);
`;
const program = (model: string): string => `${head}
const model = ${model};
const data = arrays({ x: vector(6), y: vector(1) }, { x: [[1, 2, 3, 4, 5, 6]], y: [[1]] });
export const own = pipeline({
  data: data.batch(1),
  model: ({ x }) => model(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
`;

async function read(model: string) {
  const text = program(model);
  const { diagnostics, pipelines } = await withFiles({ 'input.ts': text }, (folder) =>
    check(join(folder, 'input.ts')),
  );
  const compiled = pipelines.get('own')?.phases?.checked?.compiled;
  return {
    told: diagnostics.map(({ code, message }) => `${code} ${message}`),
    states: compiled?.module.state.filter(({ role }) => role === 'param' || role === 'state'),
    updated: new Set(compiled?.module.programs.get('step')?.graph.updates.map(({ target }) => target.name)),
  };
}

test('one with state is read, named and trained', async () => {
  const { told, states, updated } = await read("sequential(gated(3, { name: 'first' }), dense(1))");
  expect(told).toEqual([]);
  expect(states?.map(({ id }) => id)).toEqual(['first.w', 'dense.kernel', 'dense.bias', 'first.calls']);
  for (const { id } of states ?? []) expect(updated).toContain(id);
});

test.each([
  ['by option', 'sequential(gated(3, { trainable: false }), dense(1))'],
  ['by freeze', 'sequential(freeze(gated(3)), dense(1))'],
])('one that is frozen %s keeps its parameters and its state', async (_, model) => {
  const { told, updated } = await read(model);
  expect(told).toEqual([]);
  expect(updated).toContain('dense.kernel');
  expect(updated).not.toContain('gated.w');
  expect(updated).not.toContain('gated.calls');
});

test.each([
  ['gated(0)', 'ARG101 units of gated must be a whole number from 1 up'],
  ['sequential(gated(3, { gaet: sigmoid } as object), dense(1))', 'ARG103 gated has no option gaet'],
])('%s is refused', async (model, message) => {
  expect((await read(model)).told).toEqual([message]);
});
