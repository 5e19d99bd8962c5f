/** Options may be undefined: under exactOptionalPropertyTypes, `{ name: process.env.NAME }` compiles. */
import { expect, test } from 'vitest';
import { add, batchNormalization, conv2d, dense, param, standardize, sum } from '../../stdlib/index.ts';
import { filesUnder, textOf } from './source-files.ts';

test('every option that may be left out may be undefined', () => {
  const closed: string[] = [];
  let seen = 0;
  for (const path of ['stdlib', 'runtime', 'dsl'].flatMap((room) => filesUnder(room, '.ts'))) {
    if (path.includes('/ops/') && path.includes('/parts/')) continue;
    for (const [, name, body] of textOf(path).matchAll(
      /^export interface (\w*Options|Edge)\b[^{]*\{([\s\S]*?)^\}/gm,
    )) {
      for (const [, option, type] of body!.matchAll(/^ {2}readonly (\w+)\?: ([^;]+);/gm)) {
        seen++;
        if (!type!.includes('undefined')) closed.push(`${path}: ${name}.${option}`);
      }
    }
  }
  expect(closed).toEqual([]);
  expect(seen).toBeGreaterThan(120);
});

test('one that is undefined is one that is left out', () => {
  const x = param([2, 3]);
  expect(sum(x, { axis: undefined, keepDims: undefined }).shape).toEqual(sum(x).shape);
  expect(standardize(x, { axis: undefined }).shape).toEqual([2, 3]);
  expect(add(dense(3, { activation: undefined, name: undefined })(x), 1).shape).toEqual([2, 3]);
  expect(batchNormalization({ axis: undefined })(x).shape).toEqual([2, 3]);
  const image = param([1, 5, 5, 1]);
  expect(conv2d(3, 3, { strides: undefined, padding: undefined })(image).shape).toEqual([1, 3, 3, 3]);
});
