/** What an op card is: all that the compiler, the engines and the specs may know of one op. */
import type { Dim, DType, Tensor } from '../../dsl/tensor.ts';
import type { Attribute, Attributes, Node, TensorType } from '../ir/node.ts';
import type { Domain } from './domain.ts';
import type { Law } from './law.ts';
import type { Roles } from './roles.ts';
import type { Scalar, ScalarBuilder } from './scalar.ts';
import type { Each, Inputs, Options, OptionValues, Tensors } from './specs.ts';
import type { TfLowering } from './tensorflow.ts';
import type { Values } from './values.ts';

/**
 * What passes may know of an op.
 * `leaf` no inputs · `map` one element to one · `zip` several equal-shaped inputs, elementwise · `reduce` folds
 * axes away · `contract` sums of products · `convolve` sums of products of windows and a kernel · `move` elements
 * change place only · `overlap` elements move, and those that meet are added up · `gather`, `scatter` by index ·
 * `random` counter-based bits · `update` a value that a state takes at the end of the step.
 */
export type Kind =
  | 'leaf'
  | 'map'
  | 'zip'
  | 'reduce'
  | 'contract'
  | 'convolve'
  | 'move'
  | 'overlap'
  | 'gather'
  | 'scatter'
  | 'random'
  | 'update'
  | 'composite';

/** Computes the type of the result. `op` is what the user called, for messages; throws `TypeMismatch` where none fits. */
export type TypeRule<I extends Inputs = Inputs, O extends Options = Options> = (
  inputs: Each<I, TensorType>,
  options: OptionValues<O>,
  op: string,
) => TensorType;

/** What a gradient is made from. */
export interface GradientCall<I extends Inputs = Inputs, O extends Options = Options> {
  readonly inputs: Tensors<I>;
  readonly options: OptionValues<O>;
  /** ∂loss/∂y, of the shape of y. */
  readonly dy: Tensor;
  /** The op's own result. */
  readonly y: Tensor;
  /** The ops that every vocabulary has. */
  readonly roles: Roles;
}

/** ∂loss/∂input for each input by name; undefined where none flows. */
export type GradientRule<I extends Inputs = Inputs, O extends Options = Options> = (
  call: GradientCall<I, O>,
) => Each<I, Tensor | undefined>;

/** Why there is no gradient, in words. */
export interface NoGradient {
  readonly none: string;
}

/** Says that an op has no gradient, and why, in words. */
export function none(why: string): NoGradient {
  return { none: why };
}

/**
 * Where each element of a `move` comes from.
 * `view`: axis o of the output walks along axis `axes[o]` of the input, or along none (null: repeated). The input's
 * coordinate on its axis i is `starts[i] + Σ steps[o] · (the output's coordinate on o)` over all o that walk along i: two
 * of them make windows. Starts default to 0, steps to 1.
 * `reshape`: the same elements in row-major order. `place`: the output is `fill`, with input k laid at `starts[k]`, its
 * elements `steps[k]` apart along each axis, by default 1.
 */
export type Movement =
  | View
  | { readonly as: 'reshape' }
  | {
      readonly as: 'place';
      readonly fill: number;
      readonly starts: readonly (readonly number[])[];
      readonly steps?: readonly (readonly number[])[];
    };

/** Axes of the result that walk along axes of the input, in steps; see `Movement`. */
export interface View {
  readonly as: 'view';
  readonly axes: readonly (number | null)[];
  readonly starts?: readonly number[];
  readonly steps?: readonly number[];
}

/**
 * Where the value of a leaf comes from. `column`: each batch · `parameter`: what training changes · `state`: what a step
 * sets for the next, or, if it is fitted, what a pass over the training data sets before the first step · `constant`: one
 * number in all elements · `literal`: numbers in row-major order · `size`: how large a symbolic axis is in this run ·
 * `coordinate`: the place of each element along an axis.
 */
export type Leaf<O extends Options = Options> =
  | { readonly is: 'column' | 'parameter' }
  | { readonly is: 'state'; readonly isFitted?: true }
  | { readonly is: 'constant'; readonly value: (options: OptionValues<O>) => number }
  | { readonly is: 'literal'; readonly values: (options: OptionValues<O>) => readonly number[] }
  | { readonly is: 'size'; readonly size: (options: OptionValues<O>) => Dim }
  | { readonly is: 'coordinate'; readonly axis: (options: OptionValues<O>) => number };

/** Axes in pairs: the i-th of the left belongs to the i-th of the right. */
export type AxisPairs = readonly [left: readonly number[], right: readonly number[]];

/** The axes of a contraction that are walked along together, and those that are summed away. */
export interface Pairs {
  readonly batch: AxisPairs;
  readonly over: AxisPairs;
}

/** A type whose sizes are all known. */
export interface ConcreteType extends TensorType {
  readonly shape: readonly number[];
}

interface Facts<I extends Inputs, O extends Options> {
  readonly name: string;
  /** One sentence: the formula or meaning, for documentation. */
  readonly summary?: string;
  /** In the order in which they are written in a call. */
  readonly inputs: I;
  readonly options: O;
  /** Options that may follow the inputs by position: `reshape(x, shape)`. */
  readonly positional: readonly (keyof O & string)[];
  /** For each input, where the laws sample it. */
  readonly domain: { readonly [K in keyof I]: Domain };
  readonly laws: readonly Law[];
  /** How far an engine's result may be from the meaning, relatively; default 1e-6. */
  readonly tolerance: { readonly wasm?: number; readonly tensorflow?: number };
  readonly examples: readonly Example[];
}

/** A call (inputs, then options) and the value it gives; both are checked. */
export type Example = readonly [call: readonly unknown[], result: unknown];

/** What a random op is computed from, for one element: the two words of its seed, its step, the place of the element. */
export interface RandomWords {
  readonly seed0: Scalar;
  readonly seed1: Scalar;
  readonly step: Scalar;
  readonly lane: Scalar;
}

/** An op of the small closed set: it has a meaning, a gradient (or a reason why not) and lowerings of its own. */
export interface Primitive<I extends Inputs = Inputs, O extends Options = Options> extends Facts<I, O> {
  readonly kind: Exclude<Kind, 'composite'>;
  readonly type: TypeRule<I, O>;
  /** Of `map` and `zip`: the meaning on plain numbers (bool as 0 or 1); `dtype` is the result's. */
  readonly scalar?: (inputs: Each<I, number>, options: OptionValues<O>, dtype: DType) => number;
  /** Of all others: the meaning on whole arrays. By now all sizes are known. */
  readonly evaluate?: (inputs: Each<I, Values>, options: OptionValues<O>, type: ConcreteType) => Values;
  readonly gradient: GradientRule<I, O> | NoGradient;
  readonly lower: {
    /** Of `map` and `zip`: the scalar expression an engine computes for each element. */
    readonly wasm?: (s: ScalarBuilder, inputs: Each<I, Scalar>, options: OptionValues<O>) => Scalar;
    /** Of `random`: the same, from the words that it counts with. */
    readonly random?: (s: ScalarBuilder, words: RandomWords, options: OptionValues<O>) => Scalar;
    /** Of what no kernel computes: the same value by primitives that kernels do compute; plans are made of these. */
    readonly plan?: (inputs: Tensors<I>, options: OptionValues<O>) => Tensor;
    /** The same meaning in TensorFlow's ops. What a `move` or an `overlap` means is said by its movement or landing. */
    readonly tensorflow?: TfLowering<I, O>;
  };
  /** Of `leaf`: where its value comes from. */
  readonly leaf?: Leaf<O>;
  /** Of `reduce`: the fold. */
  readonly fold?: 'add' | 'multiply' | 'max' | 'min';
  /** Of `reduce`: the axes of an input of so many that are folded away, from the front, in order. */
  readonly axes?: (options: OptionValues<O>, rank: number) => readonly number[];
  /** Of `contract`: which axes go together. */
  readonly pairs?: (options: OptionValues<O>) => Pairs;
  /** Of `gather`, of its source, and of `scatter`, of its result: the axis of so many that indices count along. */
  readonly indexed?: (options: OptionValues<O>, rank: number) => number;
  /** Of `move`: where each element comes from. */
  readonly movement?: (inputs: Each<I, TensorType>, options: OptionValues<O>, type: TensorType) => Movement;
  /** Of `overlap`: the view of the result in which each element of the input stands where it is added. */
  readonly landing?: (inputs: Each<I, TensorType>, options: OptionValues<O>, type: TensorType) => View;
  /** f(a, b) = f(b, a) */
  readonly commutative?: true;
  /** f(x, e) = x for this e, exactly, for every x that is not listed. */
  readonly identity?: {
    readonly value: number;
    readonly side: 'right' | 'both';
    readonly except?: readonly number[];
  };
  /** f(f(x)) = x */
  readonly involution?: true;
  /** f(f(x)) = f(x) */
  readonly idempotent?: true;
  /** Roughly, in multiplications: what computing one element costs. Expensive ones are not computed twice. */
  readonly cost: number;
}

/** An op of the open world: a formula over other ops, from which all else follows. */
export interface Composite<I extends Inputs = Inputs, O extends Options = Options> extends Facts<I, O> {
  readonly kind: 'composite';
  readonly family: string;
  readonly body: (inputs: Tensors<I>, options: OptionValues<O>) => Tensor;
  /**
   * A better formula for the gradient than the body's own, such as one in terms of the result. The composite then stays
   * whole until differentiation is done, so its body may hold no state and no randomness of its own.
   */
  readonly gradient?: GradientRule<I, O>;
}

/** All that is known of an op. */
export type Card = Primitive | Composite;

/** The card behind a function that users call. */
export const cardOf = (op: { readonly card: Card }): Card => op.card;

/** An op as users see it, a function, with its card. */
export type Op<F> = F & { readonly card: Card };

export type { Attribute, Attributes, Node, TensorType, Values };
