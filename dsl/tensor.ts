/** What a tensor is to the person who writes a program: a shape and a dtype, known before anything runs. */

/** Element types. `bool` holds 0 or 1; `int32` wraps at 32 bits; `float32` is IEEE 754 binary32. */
export type DType = 'float32' | 'int32' | 'bool';

/** The symbol of the batch axis, whose size is decided per run. */
export type Batch = 'B';

/** The symbol of the axis of sequences, as long as those of a batch are padded to. */
export type Length = 'T';

/** One axis: a known size, or a product of a size and named symbols, such as `'B'` or `'10*B'`. */
export type Dim = number | string;

export type Shape = readonly Dim[];

/** A value of the dataflow graph. `S` reaches as far as TypeScript's arithmetic; the compiler is exact. */
export interface Tensor<S extends Shape = Shape, D extends DType = DType> {
  readonly shape: S;
  readonly dtype: D;
}

/** What an op accepts where a tensor is expected: a plain number or boolean becomes a constant. */
export type TensorLike = Tensor | number | boolean;

/** A tensor, or a record of them: what a model may return. */
export type Tensors = Tensor | { readonly [name: string]: Tensor };
