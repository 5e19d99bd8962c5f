/** What a model answers for one row, as a type: from the tensors it returns to plain values. */
import type { DType, Shape, Tensor, Tensors } from '../../dsl/tensor.ts';

type Scalar<D extends DType> = D extends 'bool' ? boolean : number;

/** A value whose shape TypeScript does not know. */
export type Plain = number | boolean | readonly Plain[];

type Nest<S extends Shape, T> = S extends readonly []
  ? T
  : S extends readonly [unknown, ...infer Rest extends Shape]
    ? readonly Nest<Rest, T>[]
    : Plain;

/** What a tensor's value is as a type, all axes in it. */
export type Value<T extends Tensor> = T extends Tensor<infer S, infer D> ? Nest<S, Scalar<D>> : never;

type Answer<T> =
  T extends Tensor<infer S, infer D>
    ? S extends readonly [unknown, ...infer Rest extends Shape]
      ? Nest<Rest, Scalar<D>>
      : Plain
    : never;

/** One row's answer: a plain value, or a record of them where the model returns a record. */
export type Prediction<Out extends Tensors> = Out extends Tensor
  ? Answer<Out>
  : { readonly [K in keyof Out]: Answer<Out[K]> };
