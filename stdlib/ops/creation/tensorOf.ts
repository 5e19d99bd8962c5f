/** A tensor of numbers that are known when the program is written. */
import { ARG101 } from '../../../compiler/diagnostics/argument.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { checkArguments, textOf } from '../../../compiler/op/arguments.ts';
import { literal } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import { sizeOf } from '../../../compiler/op/values.ts';
import type { DType, Tensor } from '../../../dsl/tensor.ts';
import { checkHeld, takes } from './parts/creation.ts';
import { typed } from './parts/typed.ts';

/** Numbers or truths, nested as deep as the tensor has axes; the innermost may be typed arrays. */
export type TensorValues = number | boolean | readonly TensorValues[] | ArrayLike<number>;

type SizesOf<V> = V extends readonly [infer First, ...unknown[]]
  ? readonly [V['length'], ...SizesOf<First>]
  : V extends readonly (infer Element)[]
    ? readonly [V['length'], ...SizesOf<Element>]
    : V extends ArrayLike<number>
      ? readonly [number]
      : readonly [];

type Truths = boolean | readonly Truths[];

/** How `tensorOf` reads its values. */
export interface TensorOfOptions<S extends readonly number[], D extends DType> {
  /** The shape, where the values are given flat, in row-major order. Default: as they are nested. */
  readonly shape?: S | undefined;
  /** Default `bool` of truths, else `float32`. */
  readonly dtype?: D | undefined;
}

/**
 * The tensor of these numbers, in the shape in which they are nested: `tensorOf([[1, 2], [3, 4]])` is f32[2, 2],
 * `tensorOf([true, false])` is bool[2], `tensorOf(new Float32Array(6), { shape: [2, 3] })` is f32[2, 3]. ARG101 refuses values
 * that are no box, that are too few or too many for `shape`, or that `dtype` cannot hold.
 */
export function tensorOf<
  const V extends TensorValues,
  const S extends readonly number[] = SizesOf<V>,
  D extends DType = V extends Truths ? 'bool' : 'float32',
>(values: V, options: TensorOfOptions<S, D> = {}): Tensor<S, D> {
  checkArguments('tensorOf', { values: isValues }, { shape: sizes, dtype: takes.dtype }, [values, options]);
  const nested = sizesOf(values);
  const flat = flatten(values);
  const shape = options.shape ?? nested;
  if (!isBox(values, nested)) refuseValues(values, 'lists of equal lengths on each axis');
  if (flat.length !== sizeOf(shape)) refuseValues(values, `${sizeOf(shape)} numbers`);
  const dtype = options.dtype ?? (typeof firstOf(values) === 'boolean' ? 'bool' : 'float32');
  checkHeld('tensorOf', flat, dtype);
  // The types above read the shape and the dtype off the values as the code here does.
  return typed(literal(flat, shape, dtype), shape as S, dtype as D);
}

const sizes = option.option('a list of sizes', option.isListOf(option.isCount))();

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);

const isValue = (value: unknown): value is TensorValues =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (isList(value) && Array.from(value).every(isValue));

const isValues = { expects: 'numbers, truths or nested lists of them', fits: isValue };

function firstOf(values: unknown): unknown {
  return isList(values) ? firstOf(values[0]) : values;
}

function sizesOf(values: unknown): number[] {
  return isList(values) ? [values.length, ...(values.length > 0 ? sizesOf(values[0]) : [])] : [];
}

function isBox(values: unknown, [size, ...rest]: readonly number[]): boolean {
  if (!isList(values)) return size === undefined;
  return values.length === size && Array.from(values).every((part) => isBox(part, rest));
}

function flatten(values: unknown): number[] {
  return isList(values) ? Array.from(values).flatMap(flatten) : [Number(values)];
}

function refuseValues(values: unknown, expected: string): never {
  return refuse(
    ARG101({
      message: 'the values of tensorOf make no tensor',
      span: siteSpan(),
      expected,
      received: textOf(values),
    }),
  );
}
