/** The columns of a dataset: what one row holds under one name, and the tensor a batch of it becomes. */
import type { Batch, DType, Shape, Tensor } from './tensor.ts';

/** One column: `S` is the shape of a single row's value; `Value` is what host code sees in a row. */
export interface Column<S extends Shape = Shape, D extends DType = DType, Value = unknown> {
  readonly kind: 'float' | 'int' | 'bool' | 'category' | 'tensor';
  readonly shape: S;
  readonly dtype: D;
  /** The labels of a category, in the order of their numbers. */
  readonly labels?: readonly string[];
  /** Of real numbers: whether NaN, ±Infinity and what overflows float32 are taken too. Default: refused. */
  readonly notFinite?: 'allow';
  /** Present in types only: the value of the column in a plain row. */
  readonly value?: Value;
}

export type Schema = { readonly [column: string]: Column };

/** The value a host sees in one row for a schema. */
export type Row<S extends Schema> = { readonly [K in keyof S]: NonNullable<S[K]['value']> };

/** The tensors a model sees for a schema: each column with the batch axis in front. */
export type Columns<S extends Schema> = {
  readonly [K in keyof S]: Tensor<readonly [Batch, ...S[K]['shape']], S[K]['dtype']>;
};

/** A real number a row. */
export const float: Column<readonly [], 'float32', number> = { kind: 'float', shape: [], dtype: 'float32' };

/** A 32-bit integer a row. */
export const int: Column<readonly [], 'int32', number> = { kind: 'int', shape: [], dtype: 'int32' };

/** A truth value a row. */
export const bool: Column<readonly [], 'bool', boolean> = { kind: 'bool', shape: [], dtype: 'bool' };

/** One of the given labels a row; its tensor holds the label's number, from 0. */
export function category<const L extends readonly string[]>(
  ...labels: L
): Column<readonly [], 'int32', L[number]> {
  return { kind: 'category', shape: [], dtype: 'int32', labels };
}

/** `size` real numbers a row. */
export function vector<N extends number>(size: N): Column<readonly [N], 'float32', ArrayLike<number>> {
  return { kind: 'tensor', shape: [size], dtype: 'float32' };
}

/**
 * The same column of real numbers, which takes NaN, Infinity and -Infinity as they are, and numbers too large for
 * float32 as infinities; without it such values are refused with DAT705. What NaN means is then for the model to say:
 * `rows({ x: allowNotFinite(float) }, readings)`.
 */
export function allowNotFinite<C extends Column<Shape, 'float32'>>(column: C): C {
  return { ...column, notFinite: 'allow' };
}

/** Nested arrays never hold more than four axes' worth of types; at run time any depth is checked. */
export type Nested = number | readonly Nested[] | ArrayLike<number>;

/** An array of the given dimensions a row, real numbers unless told otherwise. */
export function tensor<const S extends readonly number[], D extends DType = 'float32'>(
  dims: S,
  dtype?: D,
): Column<S, NoInfer<D>, Nested> {
  return { kind: 'tensor', shape: dims, dtype: dtype ?? ('float32' as D) };
}
