/** What a card says of its inputs and options, and the types that follow from it for whoever writes the card. */
import type { DType, Shape, Tensor } from '../../dsl/tensor.ts';
import type { Attribute } from '../ir/node.ts';

/** Values by name: of inputs, options, domains. */
export type Named<T> = { readonly [name: string]: T };

/** The dtypes an input takes. `float`, `numeric` and others stand in `accepts`. */
export interface InputSpec<D extends DType = DType> {
  readonly accepts: readonly D[];
  /** A list of tensors stands here instead of one: `stack([a, b])`. At most one input, and the only one. */
  readonly list?: true;
}

/** An input that is a list of tensors. */
export interface ListSpec<D extends DType = DType> extends InputSpec<D> {
  readonly list: true;
}

/** An option of an op: how it is read, and what it is when left out. `number`, `axis` and others stand in `options`. */
export interface OptionSpec<T extends Attribute = Attribute> {
  /** What it is when left out. */
  readonly default?: T;
  readonly required?: true;
  /** Says what is expected when the value does not fit: `a whole number`. */
  readonly expects: string;
  readonly fits: (value: unknown) => value is T;
}

/** An option that must be given. */
export interface RequiredSpec<T extends Attribute = Attribute> extends OptionSpec<T> {
  readonly required: true;
}

/** The inputs of a card, in the order in which they are written in a call. */
export type Inputs = Named<InputSpec>;
/** The options of a card by name. */
export type Options = Named<OptionSpec>;

type Many<Spec, T> = Spec extends ListSpec ? readonly T[] : T;

/** One T for each input; for a list input, a list of them. Of inputs that are not known to the types, any names. */
export type Each<I extends Inputs, T> = string extends keyof I
  ? Named<T | readonly T[]>
  : { readonly [K in keyof I]: Many<I[K], T> };

/** The tensors that formulas of a card see. */
export type Tensors<I extends Inputs> = string extends keyof I
  ? Named<Tensor | readonly Tensor[]>
  : { readonly [K in keyof I]: I[K] extends InputSpec<infer D> ? Many<I[K], Tensor<Shape, D>> : never };

/** The values of options that formulas of a card see: read, checked, defaults filled in. */
export type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends OptionSpec<infer T> ? T : never;
};
