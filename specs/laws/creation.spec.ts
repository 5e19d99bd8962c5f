/** Tensors made of nothing: literals, constants, ranges; what they hold, and what is refused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeOf, problemsOf } from '../../compiler/ir/node.ts';
import { flat } from '../../laws/ops/documented-calls.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import type { Tensor } from '../../stdlib/index.ts';
import { eye, full, linspace, ones, param, range, tensorOf, zeros } from '../../stdlib/index.ts';

const valueOf = (x: Tensor) => evaluate([nodeOf(x)])[0]!;
const untyped = <T>(value: unknown): T => value as T;

/** A box of numbers, nested. */
const boxes = fc
  .array(fc.nat(3), { maxLength: 3 })
  .chain((shape) => fc.tuple(fc.constant(shape), boxOf(shape)));

function boxOf([size, ...rest]: readonly number[]): fc.Arbitrary<unknown> {
  if (size === undefined) return fc.float({ noNaN: true });
  return fc.array(boxOf(rest), { minLength: size, maxLength: size });
}

test('tensorOf holds the numbers that it is given, in the shape in which they are nested', () => {
  fc.assert(
    fc.property(boxes, ([shape, values]) => {
      const box = tensorOf(untyped<number[]>(values));
      // Behind an empty axis nothing shows how long the others are.
      const empty = shape.indexOf(0);
      expect(box.shape).toEqual(empty < 0 ? shape : shape.slice(0, empty + 1));
      expect([...valueOf(box).data]).toEqual(flat(values));
    }),
  );
});

test('tensorOf takes flat values with a shape, typed arrays, truths and dtypes', () => {
  expect(valueOf(tensorOf(new Float32Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] }))).toMatchObject({
    dtype: 'float32',
    shape: [2, 3],
  });
  expect(valueOf(tensorOf([[true], [false]]))).toMatchObject({ dtype: 'bool', shape: [2, 1] });
  expect(valueOf(tensorOf([3, -4], { dtype: 'int32' }))).toMatchObject({ dtype: 'int32', shape: [2] });
  expect(valueOf(tensorOf([new Int32Array([1, 2]), new Int32Array([3, 4])])).shape).toEqual([2, 2]);
});

test('constants, ranges and the identity', () => {
  expect([...valueOf(zeros([2, 2])).data]).toEqual([0, 0, 0, 0]);
  expect([...valueOf(ones([3], { dtype: 'int32' })).data]).toEqual([1, 1, 1]);
  expect([...valueOf(full([2], -0.5)).data]).toEqual([-0.5, -0.5]);
  expect(full(['B', 2], 1).shape).toEqual(['B', 2]);
  expect([...valueOf(range(5, 5)).data]).toEqual([]);
  expect([...valueOf(range(1, 2, { step: 0.25 })).data]).toEqual([1, 1.25, 1.5, 1.75]);
  expect([...valueOf(linspace(-1, 1, 3)).data]).toEqual([-1, 0, 1]);
  expect([...valueOf(eye(2, 3, { dtype: 'int32' })).data]).toEqual([1, 0, 0, 0, 1, 0]);
});

test('zeros and ones are initializers themselves', () => {
  const weights = nodeOf(param([2, 2], { initializer: ones }));
  expect([...evaluate([weights.initial!])[0]!.data]).toEqual([1, 1, 1, 1]);
});

test.each([
  ['ragged rows', () => tensorOf([[1, 2], [3]]), 'ARG101', 'lists of equal lengths'],
  ['as many numbers, ragged', () => tensorOf([[1, 2, 3], [4]]), 'ARG101', 'lists of equal lengths'],
  ['as many numbers in all', () => tensorOf([[1, 2], [3], [4, 5, 6]]), 'ARG101', 'lists of equal lengths'],
  ['a list beside a number', () => tensorOf(untyped<number[]>([1, [2]])), 'ARG101', 'lists of equal lengths'],
  ['too few for the shape', () => tensorOf([1, 2, 3], { shape: [2, 2] }), 'ARG101', '4 numbers'],
  ['a string', () => tensorOf(untyped<number>('1')), 'ARG101', 'numbers, truths'],
  ['a fraction in int32', () => tensorOf([1.5], { dtype: 'int32' }), 'ARG101', 'whole numbers of 32 bits'],
  ['2 in bool', () => tensorOf([2], { dtype: 'bool' }), 'ARG101', '0 or 1'],
  ['an unknown dtype', () => zeros([2], { dtype: untyped<'int32'>('float16') }), 'ARG102', 'float32'],
  ['a misspelt option', () => full([2], 1, untyped<object>({ dtyp: 'int32' })), 'ARG103', 'dtype'],
  ['no shape', () => zeros(untyped<number[]>(undefined)), 'ARG101', 'a shape'],
  ['a size for a shape', () => zeros(untyped<number[]>(3)), 'ARG101', 'a shape'],
])('%s is refused', (_, make, code, expected) => {
  expect(make).toThrow(code);
  expect(make).toThrow(expected);
});

test.each([
  ['a step of 0', range(0, 1, { step: 0 })],
  ['no end', range(0, Number.POSITIVE_INFINITY)],
  ['fractions of int32', range(0, 1, { step: 0.5, dtype: 'int32' })],
])('range refuses %s', (_, made) => {
  expect(problemsOf(nodeOf(made)).map(({ code }) => code)).toEqual(['ARG102']);
});
