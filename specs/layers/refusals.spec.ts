/** What layers refuse, and by which diagnostic. */
import { expect, test } from 'vitest';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { input } from '../../compiler/op/leaf.ts';
import {
  batchNormalization,
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
  ['a momentum above 1', () => batchNormalization({ momentum: 1.5 }), 'DTY303', 'needs a momentum'],
  [
    'a momentum that is none',
    () => batchNormalization({ momentum: Number.NaN }),
    'DTY303',
    'needs a momentum',
  ],
  ['half a group', () => groupNormalization({ groups: 1.5 }), 'DTY303', 'needs a number of groups'],
  [
    'groups that do not divide',
    () => groupNormalization({ groups: 4 })(rows),
    'SHP201',
    'divide 6 channels into 4',
  ],
  ['a vocabulary of nothing', () => embedding(0, 3), 'DTY303', 'how many numbers there are'],
  ['vectors of no length', () => embedding(3, 0.5), 'DTY303', 'the length of its vectors'],
  ['more positions than it knows', () => positionEmbedding(4)(sequence), 'SHP201', 'knows 4 positions'],
  ['positions of no sequence', () => positionEmbedding(4)(whole), 'SHP201', 'knows 4 positions'],
  ['no heads', () => multiHeadAttention(0, 3), 'DTY303', 'needs a number of heads'],
  ['keys of no length', () => multiHeadAttention(2, -1), 'DTY303', 'needs the length of keys'],
  ['a dropout of all', () => multiHeadAttention(2, 3, { dropout: 1 }), 'DTY303', 'a share to leave out'],
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
