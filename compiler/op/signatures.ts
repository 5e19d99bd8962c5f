/** How ops look to the person who calls them: signatures that carry shapes as far as types can. */
import type { Dim, DType, Shape, Tensor, TensorLike } from '../../dsl/tensor.ts';
import type { Inputs, ListSpec, OptionSpec, Options, RequiredSpec } from './specs.ts';

/** The shape of what an op was given; a plain number has none. */
export type ShapeOf<X> = X extends { readonly shape: infer S extends Shape } ? S : readonly [];

/** The dtype of what an op was given. */
export type DTypeOf<X> = X extends { readonly dtype: infer D extends DType }
  ? D
  : X extends boolean
    ? 'bool'
    : 'float32';

/** NumPy's rule: aligned at the last axis, equal or 1. */
export type Broadcast<A extends Shape, B extends Shape> = B extends readonly []
  ? A
  : number extends A['length'] | B['length']
    ? Shape
    : A extends readonly [...infer AInit extends Shape, infer ALast extends Dim]
      ? B extends readonly [...infer BInit extends Shape, infer BLast extends Dim]
        ? readonly [...Broadcast<AInit, BInit>, Stretch<ALast, BLast>]
        : A
      : B;

type Stretch<A extends Dim, B extends Dim> = A extends 1 ? B : B extends 1 ? A : A extends B ? A : Dim;

/** The dtype two inputs share: a tensor's beside a plain number. */
export type Joined<A, B> = A extends Tensor ? DTypeOf<A> : DTypeOf<B>;

/** One real tensor in, one of the same shape out. */
export type Elementwise = <X extends TensorLike>(x: X) => Tensor<ShapeOf<X>, 'float32'>;

/** One tensor in, one of the same shape and dtype out. */
export type Preserving = <X extends TensorLike>(x: X) => Tensor<ShapeOf<X>, DTypeOf<X>>;

/** One tensor in, truths of the same shape out. */
export type Predicate = <X extends TensorLike>(x: X) => Tensor<ShapeOf<X>, 'bool'>;

/** Two tensors of one dtype in, one of their joint shape out. */
export type Binary = <A extends TensorLike, B extends TensorLike>(
  a: A,
  b: B,
) => Tensor<Broadcast<ShapeOf<A>, ShapeOf<B>>, Joined<A, B>>;

/** Two real tensors in, one of their joint shape out. */
export type RealBinary = <A extends TensorLike, B extends TensorLike>(
  a: A,
  b: B,
) => Tensor<Broadcast<ShapeOf<A>, ShapeOf<B>>, 'float32'>;

/** Two tensors in, truths of their joint shape out. */
export type Comparison = <A extends TensorLike, B extends TensorLike>(
  a: A,
  b: B,
) => Tensor<Broadcast<ShapeOf<A>, ShapeOf<B>>, 'bool'>;

/** A choice, element by element. */
export type Choice = <C extends TensorLike, A extends TensorLike, B extends TensorLike>(
  condition: C,
  a: A,
  b: B,
) => Tensor<Broadcast<Broadcast<ShapeOf<C>, ShapeOf<A>>, ShapeOf<B>>, Joined<A, B>>;

/** Which axes to fold, counted from the back if negative; null, the default, is all. */
export interface ReduceOptions {
  readonly axis?: number | readonly number[] | null | undefined;
  /** Leaves the folded axes in place, with size 1. */
  readonly keepDims?: boolean | undefined;
}

/** All axes but the last. */
export type Init<S extends Shape> = S extends readonly [...infer Rest extends Shape, Dim]
  ? readonly [...Rest]
  : Shape;

type Reduced<S extends Shape, O> = O extends { readonly axis: -1 }
  ? O extends { readonly keepDims: true }
    ? readonly [...Init<S>, 1]
    : Init<S>
  : O extends { readonly axis: number | readonly number[] }
    ? Shape
    : O extends { readonly keepDims: true }
      ? Shape
      : readonly [];

/** Folds axes away, keeping the dtype. */
export type Reduce = <X extends TensorLike, const O extends ReduceOptions = Record<never, never>>(
  x: X,
  options?: O,
) => Tensor<Reduced<ShapeOf<X>, O>, DTypeOf<X>>;

/** Folds axes of a real tensor away. */
export type RealReduce = <X extends TensorLike, const O extends ReduceOptions = Record<never, never>>(
  x: X,
  options?: O,
) => Tensor<Reduced<ShapeOf<X>, O>, 'float32'>;

/** Folds axes of truths away. */
export type TruthReduce = <X extends TensorLike, const O extends ReduceOptions = Record<never, never>>(
  x: X,
  options?: O,
) => Tensor<Reduced<ShapeOf<X>, O>, 'bool'>;

/** Judges predictions by targets: one value a row. */
export type Judging<Options = Record<never, never>> = (
  yTrue: Tensor,
  yPred: Tensor,
  options?: Options,
) => Tensor<Shape, 'float32'>;

export interface CrossentropyOptions {
  /** Whether predictions are logits rather than probabilities. Default false. */
  readonly fromLogits?: boolean | undefined;
  /** How far targets are moved toward even odds, in [0, 1]. Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** The axis of the classes. Default the last. */
  readonly axis?: number | undefined;
}

/** Finds a place along an axis (the last by default), as an int32. */
export type ArgReduce = <
  X extends TensorLike,
  const O extends AxisOptions & { readonly keepDims?: boolean } = { readonly axis: -1 },
>(
  x: X,
  options?: O,
) => Tensor<Reduced<ShapeOf<X>, O>, 'int32'>;

/** One axis, counted from the back if negative. */
export interface AxisOptions {
  readonly axis?: number | undefined;
}

/** Works along one axis (the last by default), keeping the shape. */
export type Along = <X extends TensorLike>(x: X, options?: AxisOptions) => Tensor<ShapeOf<X>, 'float32'>;

type MatmulShape<A extends Shape, B extends Shape> = number extends A['length'] | B['length']
  ? Shape
  : B extends readonly [Dim, infer N extends Dim]
    ? readonly [...Init<A>, N]
    : Shape;

/** The product of matrices, NumPy's rule for more or fewer axes than two. */
export type Matmul = <A extends Tensor, B extends Tensor>(
  a: A,
  b: B,
) => Tensor<MatmulShape<ShapeOf<A>, ShapeOf<B>>, DTypeOf<A>>;

/** Joins tensors of one shape along a new axis, the last by default. */
export type Stack = {
  <const L extends readonly Tensor[]>(
    tensors: L,
  ): Tensor<readonly [...ShapeOf<L[number]>, L['length']], DTypeOf<L[number]>>;
  <const L extends readonly Tensor[]>(tensors: L, options: AxisOptions): Tensor<Shape, DTypeOf<L[number]>>;
};

/** Whatever users may call as an op. */
export type OpFunction = (...args: never) => Tensor;

/** One of the members of a union. */
type OneOf<U> = (U extends unknown ? (member: () => U) => void : never) extends (
  member: infer M extends () => unknown,
) => void
  ? ReturnType<M>
  : never;

type Operands<I extends Inputs, Names = keyof I> = [Names] extends [never]
  ? []
  : [I[keyof I]] extends [ListSpec]
    ? [tensors: readonly TensorLike[]]
    : [...Operands<I, Exclude<Names, OneOf<Names>>>, tensor: TensorLike];

type Given<O extends Options> = {
  readonly [K in keyof O as O[K] extends RequiredSpec ? K : never]: O[K] extends OptionSpec<infer T>
    ? T
    : never;
} & {
  readonly [K in keyof O as O[K] extends RequiredSpec ? never : K]?: O[K] extends OptionSpec<infer T>
    ? T | undefined
    : never;
};

type Written<T> = { readonly [K in keyof T]: T[K] };

/**
 * The signature that follows from the specs of an op: a tensor or plain number for each input, then the options by name.
 * It knows no shapes; an annotation on the op can.
 */
export type CallOf<I extends Inputs, O extends Options> = (
  ...args: [keyof O] extends [never]
    ? Operands<I>
    : Record<never, never> extends Given<O>
      ? [...Operands<I>, options?: Written<Given<O>>]
      : [...Operands<I>, options: Written<Given<O>>]
) => Tensor;
