/** Where problems of layers are shown: where the user calls a layer, or made it when another layer calls it. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../compiler/index.ts';
import { withFiles } from '../static/with-files.ts';

const program = `import { arrays, conv2d, defineLayer, dense, flatten, meanSquaredError, pipeline, sequential, sgd, vector } from 'millrace';
const data = arrays({ x: vector(6), y: vector(1) }, { x: [[1, 2, 3, 4, 5, 6]], y: [[1]] });
const model = sequential(
  dense(10),
  LAYER,
  flatten(),
);
export const wrong = pipeline({
  data: data.batch(1),
  model: ({ x }) => model(x),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  optimizer: sgd(),
});
`;

/** What is told of the program with this layer: code, place, and the calls that led there. */
async function told(layer: string): Promise<readonly string[]> {
  const text = program.replace('LAYER', layer);
  const { diagnostics } = await withFiles({ 'input.ts': text }, (folder) => check(join(folder, 'input.ts')));
  return diagnostics.map(({ code, span }) => {
    const places = [span, ...(span.via ?? [])].map(({ line, column }) => `${line}:${column}`);
    return `${code} ${places.join(' by ')}`;
  });
}

test('a layer inside sequential is blamed where it was made, by way of the call of the whole', async () => {
  expect(await told('conv2d(3, 3)')).toEqual(['SHP201 5:3 by 10:21']);
});

test('so is one at any depth', async () => {
  expect(await told('sequential(sequential(dense(4), conv2d(3, 3)))')).toEqual([
    'SHP201 5:35 by 5:14 by 5:3 by 10:21',
  ]);
});

test('a function among the layers is blamed where it calls', async () => {
  expect(await told('(x) => conv2d(3, 3)(x)')).toEqual(['SHP201 5:10 by 10:21']);
});

test('a layer of one’s own is blamed where it calls', async () => {
  const own = "defineLayer('own', () => ({ call: (_, x) => conv2d(3, 3)(x) }))()";
  expect(await told(own)).toEqual([expect.stringMatching(/^SHP201 5:47/)]);
});
