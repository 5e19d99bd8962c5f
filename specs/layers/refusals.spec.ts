/** What layers refuse, and by which diagnostic. */
import { expect, test } from 'vitest';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import {
  adam,
  batchNormalization,
  dense,
  embedding,
  groupNormalization,
  layerNormalization,
  multiHeadAttention,
  positionEmbedding,
  prelu,
  rmsNormalization,
  sinePositionEncoding,
} from '../../stdlib/index.ts';
import { refused } from '../support/refused.ts';

const rows = input('rows', ['B', 6], 'float32');
const sequence = input('sequence', ['B', 5, 6], 'float32');
const whole = input('whole', ['B'], 'int32');

test.each<[string, () => unknown, string, string]>([
  ['an axis that is not there', () => layerNormalization({ axis: 2 })(rows), 'SHP203', 'cannot find axis 2'],
  ['an axis twice', () => layerNormalization({ axis: [1, -1] })(rows), 'SHP203', 'names axis 1 twice'],
  ['parameters along the batch', () => layerNormalization({ axis: 0 })(rows), 'SHP207', 'the size of axis 0'],
  ['the same of rms', () => rmsNormalization({ axis: [0, 1] })(rows), 'SHP207', 'the size of axis 0'],
  ['the same of batches', () => batchNormalization({ axis: 0 })(rows), 'SHP207', 'the size of axis 0'],
  [
    'a momentum above 1',
    () => batchNormalization({ momentum: 1.5 }),
    'ARG102',
    'momentum of batchNormalization',
  ],
  [
    'a momentum that is none',
    () => batchNormalization({ momentum: Number.NaN }),
    'ARG102',
    'momentum of batchNormalization',
  ],
  ['another option', () => layerNormalization({ axes: 1 } as object), 'ARG103', 'has no option axes'],
  [
    'too many arguments',
    () => (embedding as (...all: unknown[]) => unknown)(3, 4, {}, 5),
    'ARG104',
    'at most 3',
  ],
  [
    'options that are none',
    () => (embedding as (...all: unknown[]) => unknown)(3, 4, 5),
    'ARG101',
    'a record',
  ],
  ['half a group', () => groupNormalization({ groups: 1.5 }), 'ARG102', 'groups of groupNormalization'],
  [
    'groups that do not divide',
    () => groupNormalization({ groups: 4 })(rows),
    'SHP201',
    'divide 6 channels into 4',
  ],
  ['a vocabulary of nothing', () => embedding(0, 3), 'ARG101', 'inputDim of embedding'],
  ['vectors of no length', () => embedding(3, 0.5), 'ARG101', 'outputDim of embedding'],
  ['more positions than it knows', () => positionEmbedding(4)(sequence), 'SHP201', 'knows 4 positions'],
  ['positions of no sequence', () => positionEmbedding(4)(whole), 'SHP201', 'knows 4 positions'],
  ['no heads', () => multiHeadAttention(0, 3), 'ARG101', 'numHeads of multiHeadAttention'],
  ['keys of no length', () => multiHeadAttention(2, -1), 'ARG101', 'keyDim of multiHeadAttention'],
  [
    'a dropout of all',
    () => multiHeadAttention(2, 3, { dropout: 1 }),
    'ARG102',
    'dropout of multiHeadAttention',
  ],
  ['attention to rows', () => multiHeadAttention(2, 3)(rows, rows), 'SHP201', 'needs 3 axes'],
  ['slopes along the batch', () => prelu({ sharedAxes: [4] })(rows), 'SHP203', 'cannot find axis 4'],
  [
    'a call on a number',
    () => (layerNormalization() as (x: unknown) => unknown)(3),
    'ARG105',
    'is called on tensors',
  ],
])('%s', async (_, attempt, code, message) => {
  const [problem] = await refused(attempt);
  expect(problem).toMatchObject({ code });
  expect(problem!.message).toContain(message);
});

test('an option of another library is guessed', async () => {
  const [abbreviated] = await refused(() => adam({ lr: 1 } as object));
  expect(abbreviated).toMatchObject({
    code: 'ARG103',
    message: 'adam has no option lr',
    hint: 'did you mean learningRate?',
  });
  const [misspelt] = await refused(() => dense(3, { activaton: 1 } as object));
  expect(misspelt).toMatchObject({ code: 'ARG103', hint: 'did you mean activation?' });
});

test("ops inside layers refuse as ops do, in the layer's place", () => {
  const [floats] = problemsOf(nodeOf(embedding(3, 2)(rows as never)));
  expect(floats).toMatchObject({ code: 'DTY301' });
  const [flat] = problemsOf(nodeOf(sinePositionEncoding(input('x', ['B'], 'float32'))));
  expect(flat).toMatchObject({
    code: 'SHP201',
    message: 'sinePositionEncoding needs a sequence of features',
  });
  const mask = input('mask', ['B', 4, 4], 'bool');
  const [wrong] = problemsOf(nodeOf(multiHeadAttention(2, 3)(sequence, sequence, { attentionMask: mask })));
  expect(wrong).toMatchObject({ code: 'SHP202' });
  const other = input('other', ['B', 4, 6], 'float32');
  const [keys] = problemsOf(nodeOf(multiHeadAttention(2, 3)(sequence, sequence, other)));
  expect(keys).toMatchObject({ code: 'SHP201' });
});
