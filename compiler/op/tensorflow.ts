/** The language that TensorFlow lowerings are written in: raw TensorFlow ops, and sizes that may be known only in a run. */
import type { Dim, DType, Shape } from '../../dsl/tensor.ts';
import type { TensorType } from '../ir/node.ts';
import type { Each, Inputs, Options, OptionValues } from './specs.ts';

/** The dtypes of tensors between TensorFlow ops: ours, and words without a sign for arithmetic on bits. */
export type TfDType = DType | 'uint32' | 'resource';

/** One result of a TensorFlow op in a graph that is being built. */
export interface TfTensor {
  /** How other ops refer to it: `step/dense/kernel` or `step/split:1`. */
  readonly name: string;
  readonly dtype: TfDType;
  readonly shape: Shape;
}

/** The type of a TensorFlow op's result. */
export interface TfType {
  readonly dtype: TfDType;
  readonly shape: Shape;
}

/** What stands in an attribute of a TensorFlow op: a whole number, a flag, a string, whole numbers, a dtype, or a real. */
export type TfAttribute =
  | number
  | boolean
  | string
  | readonly number[]
  | { readonly type: TfDType }
  | { readonly float: number }
  | { readonly shape: Shape };

export type TfAttributes = { readonly [name: string]: TfAttribute };

export type TfLike = TfTensor | number;

/** Builds a TensorFlow graph. A plain number beside a tensor is a scalar of its dtype. */
export interface TfBuilder {
  /** An op of TensorFlow's own, by its registered name, with every attribute that it has no default for. */
  op(op: string, inputs: readonly TfTensor[], attributes: TfAttributes, result: TfType): TfTensor;
  /** An op with the attribute T, of the dtype of the result: `AddV2`, `Exp`, `Minimum`. Inputs are stretched to one shape. */
  map(op: string, ...inputs: readonly TfLike[]): TfTensor;
  /** A comparison of two tensors of one dtype: `Less`, `Equal`. */
  compare(op: string, a: TfLike, b: TfLike): TfTensor;
  /** Logic: `LogicalAnd`, `LogicalNot`. */
  logic(op: string, ...inputs: readonly TfTensor[]): TfTensor;
  /** `yes` where the condition holds, else `no`. */
  select(condition: TfTensor, yes: TfLike, no: TfLike): TfTensor;
  cast(x: TfTensor, dtype: TfDType): TfTensor;
  /** The same bits as another dtype of the same width. */
  bitcast(x: TfTensor, dtype: TfDType): TfTensor;
  /** Numbers that are known now. */
  constant(values: number | readonly number[], dtype: TfDType, shape?: readonly number[]): TfTensor;
  /** A size as an int32 scalar, computed in the run where it is symbolic. */
  size(dim: Dim): TfTensor;
  /** A shape as an int32 vector, computed in the run where it is symbolic. */
  shape(shape: Shape): TfTensor;
  reshape(x: TfTensor, shape: Shape): TfTensor;
  /** Axis i of the result is axis `axes[i]` of x. */
  transpose(x: TfTensor, axes: readonly number[]): TfTensor;
  stretch(x: TfTensor, shape: Shape): TfTensor;
  /** 0, 1, 2, … as many as `count`. */
  range(count: Dim): TfTensor;
}

/**
 * The same meaning in TensorFlow's ops. A string names one op with the attribute T: of a `map` or `zip` it takes the inputs,
 * of a `reduce` the input and the axes. Inputs of a `zip` may come unstretched: TensorFlow's elementwise ops stretch them.
 * Gives nothing where TensorFlow has no fitting op; then the lowering to a plan stands in.
 */
export type TfLowering<I extends Inputs = Inputs, O extends Options = Options> =
  | string
  | ((
      tf: TfBuilder,
      inputs: Each<I, TfTensor>,
      options: OptionValues<O>,
      type: TensorType,
    ) => TfTensor | undefined);
