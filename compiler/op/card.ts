/** What an op card is: all that the compiler, the engines and the specs may know of one op. */
import type { DType, Tensor } from '../../dsl/tensor.ts';
import type { Attribute, Attributes, Node, TensorType } from '../ir/node.ts';
import type { Domain } from './domain.ts';
import type { Law } from './law.ts';
import type { Scalar, ScalarBuilder } from './scalar.ts';
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

/** The dtypes an input takes. */
export interface InputSpec {
  readonly accepts: readonly DType[];
  /** A list of tensors stands here instead of one: `stack([a, b])`. At most one input, and the only one. */
  readonly list?: true;
}

/** An option of an op: how it is read, and what it is when left out. */
export interface OptionSpec {
  readonly default?: Attribute | undefined;
  readonly required?: true;
  /** Says what is expected when the value does not fit: `a whole number`. */
  readonly expects: string;
  readonly fits: (value: unknown) => boolean;
  readonly read?: (value: unknown) => Attribute;
}

/** The inputs of a node by the card's names; a list input stands under its own name as an array. */
export type Named<T> = { readonly [input: string]: T };

/** Thrown by a type rule that cannot type its inputs; the caller adds the place and the op's name. */
export interface Mismatch {
  /** Which diagnostic: defaults to SHP201. */
  readonly code?: (details: MismatchDetails) => MismatchResult;
  readonly message: string;
  /** Which input is at fault, by name; its declaration becomes the second place. */
  readonly blame?: number;
  readonly label?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
}
type MismatchDetails = import('../diagnostics/diagnostic.ts').Details;
type MismatchResult = import('../diagnostics/diagnostic.ts').Diagnostic;

export class TypeMismatch extends Error {
  readonly mismatch: Mismatch;

  constructor(mismatch: Mismatch) {
    super(mismatch.message);
    this.mismatch = mismatch;
  }
}

/** Computes the type of the result. `op` is what the user called, for messages. */
export type TypeRule = (inputs: readonly TensorType[], attributes: Attributes, op: string) => TensorType;

/** ∂loss/∂input for each input that has one. `y` is the op's own result. */
export type GradientRule = (call: {
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly dy: Tensor;
  readonly y: Tensor;
}) => readonly (Tensor | undefined)[];

/** Why there is no gradient, in words. */
export interface NoGradient {
  readonly none: string;
}

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

export interface View {
  readonly as: 'view';
  readonly axes: readonly (number | null)[];
  readonly starts?: readonly number[];
  readonly steps?: readonly number[];
}

interface Facts {
  readonly name: string;
  /** One sentence: the formula or meaning, for documentation. */
  readonly summary?: string;
  readonly inputs: Named<InputSpec>;
  readonly options: Named<OptionSpec>;
  /** Options that may follow the inputs by position: `reshape(x, shape)`. */
  readonly positional: readonly string[];
  readonly domain: Named<Domain>;
  readonly laws: readonly Law[];
  readonly tolerance: { readonly wasm?: number; readonly tensorflow?: number };
  readonly examples: readonly Example[];
}

/** Inputs (by position, then options) and the value they give; both are checked. */
export type Example = readonly [call: readonly unknown[], result: unknown];

/** An op of the small closed set: it has a meaning, a gradient (or a reason why not) and lowerings of its own. */
export interface Primitive extends Facts {
  readonly kind: Exclude<Kind, 'composite'>;
  readonly type: TypeRule;
  /** Of `map` and `zip`: the meaning on plain numbers (bool as 0 or 1); `dtype` is the result's. */
  readonly scalar?: (xs: readonly number[], attributes: Attributes, dtype: DType) => number;
  /** Of all others: the meaning on whole arrays. */
  readonly evaluate?: (inputs: readonly Values[], attributes: Attributes, type: TensorType) => Values;
  readonly gradient: GradientRule | NoGradient;
  readonly lower: {
    /** Of `map`, `zip` and `random`: the scalar expression an engine computes for each element. */
    readonly wasm?: (s: ScalarBuilder, xs: readonly Scalar[], attributes: Attributes) => Scalar;
    /** Of what no kernel computes: the same value by primitives that kernels do compute; plans are made of these. */
    readonly plan?: (inputs: readonly Tensor[], attributes: Attributes) => Tensor;
    /** The same meaning in TensorFlow's ops. What a `move` or an `overlap` means is said by its movement or landing. */
    readonly tensorflow?: TfLowering;
  };
  /** Of `reduce`: the fold. */
  readonly fold?: 'add' | 'multiply' | 'max' | 'min';
  /** Of `move`: where each element comes from. */
  readonly movement?: (inputs: readonly TensorType[], attributes: Attributes, type: TensorType) => Movement;
  /** Of `overlap`: the view of the result in which each element of the input stands where it is added. */
  readonly landing?: (inputs: readonly TensorType[], attributes: Attributes, type: TensorType) => View;
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
  /** Roughly, in multiplications: what computing one element costs. Dear ones are not computed twice. */
  readonly cost: number;
}

/** An op of the open world: a formula over other ops, from which all else follows. */
export interface Composite extends Facts {
  readonly kind: 'composite';
  readonly family: string;
  readonly body: (inputs: readonly (Tensor | readonly Tensor[])[], attributes: Attributes) => Tensor;
  /**
   * A better formula for the gradient than the body's own, such as one in terms of the result. The composite then stays
   * whole until differentiation is done, so its body may hold no state and no randomness of its own.
   */
  readonly gradient?: GradientRule;
}

export type Card = Primitive | Composite;

/** The card behind a function that users call. */
export const cardOf = (op: { readonly card: Card }): Card => op.card;

/** An op as users see it, a function, with its card. */
export type Op<F> = F & { readonly card: Card };

export type { Attribute, Attributes, Node, TensorType, Values };
