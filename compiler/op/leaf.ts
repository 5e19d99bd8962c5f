/** The nodes that nothing flows into: inputs, parameters, state, constants, sizes, coordinates. */

import type { Dim, DType, Shape, Tensor } from '../../dsl/tensor.ts';
import { ARG101 } from '../diagnostics/argument.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import type { Attributes, TensorType } from '../ir/node.ts';
import { Node } from '../ir/node.ts';
import { siteScope, siteSpan, within } from '../ir/site.ts';
import { nowhere } from '../ir/span.ts';
import { lengthId, seedId, stepId, trainingId } from '../ir/state-ids.ts';
import type { ConcreteType, Leaf, Primitive } from './card.ts';
import { none } from './card.ts';
import { primitiveCard } from './define/primitive.ts';
import * as option from './options.ts';
import type { Options, OptionValues } from './specs.ts';
import type { Values } from './values.ts';
import { filled, tabulate } from './values.ts';

interface LeafFacts<O extends Options> {
  readonly options: O;
  readonly leaf: Leaf<NoInfer<O>>;
  readonly type: (inputs: object, options: OptionValues<O>) => TensorType;
  readonly evaluate?: (inputs: object, options: OptionValues<O>, type: ConcreteType) => Values;
}

const leafCard = <O extends Options>(name: string, summary: string, facts: LeafFacts<O>): Primitive =>
  primitiveCard({
    name,
    summary,
    kind: 'leaf',
    inputs: {},
    domain: {},
    examples: [],
    cost: 0,
    gradient: none('it has no inputs'),
    ...facts,
  });

const typed = { dtype: option.dtype('float32'), shape: option.dims() };
const asTold = (_: object, { dtype, shape }: TensorType): TensorType => ({ dtype, shape });

/** What arrives from outside in each batch. */
export const inputCard = leafCard('input', 'a value that arrives with each batch', {
  leaf: { is: 'column' },
  options: typed,
  type: asTold,
});
/** What training changes. */
export const paramCard = leafCard('param', 'a value that training changes', {
  leaf: { is: 'parameter' },
  options: typed,
  type: asTold,
});
/** What a step may change by other means than the gradient. */
export const stateCard = leafCard('state', 'a value that a step may set for the next', {
  leaf: { is: 'state' },
  options: typed,
  type: asTold,
});
/** What is learned of the training data before the first step. */
export const fittedCard = leafCard(
  'fitted',
  'a value that a pass over the training data sets before the first step',
  {
    leaf: { is: 'state', isFitted: true },
    options: typed,
    type: asTold,
  },
);
/** One number everywhere. */
export const constantCard = leafCard('constant', 'one number in every element', {
  leaf: { is: 'constant', value: ({ value }) => value },
  options: { value: option.number(), ...typed },
  type: asTold,
  evaluate: (_, { value }, { dtype, shape }) => filled(dtype, shape, value),
});
/** Numbers that are known when the program is written. */
export const literalCard = leafCard('literal', 'numbers known when the program is written', {
  leaf: { is: 'literal', values: ({ values }) => values },
  options: { values: option.numbers(), ...typed },
  type: asTold,
  evaluate: (_, { values }, { dtype, shape }) => ({ dtype, shape, data: Float64Array.from(values) }),
});
/** How large a symbolic size is in this run: the number of rows in the batch, for `B`. */
export const dimensionCard = leafCard('dimension', 'the size of a symbolic axis', {
  leaf: { is: 'size', size: ({ size }) => size },
  options: { size: option.dim(), dtype: option.dtype('float32') },
  type: (_, { dtype }) => ({ dtype, shape: [] }),
});
/** The coordinate of each element along one axis. */
export const iotaCard = leafCard('iota', 'the coordinate of each element along an axis', {
  leaf: { is: 'coordinate', axis: ({ axis }) => axis },
  options: { axis: option.axis(0), ...typed },
  type: asTold,
  evaluate: (_, { axis }, { dtype, shape }) => tabulate(dtype, shape, (at) => at[axis]!),
});

export const leafCards: readonly Primitive[] = [
  inputCard,
  paramCard,
  stateCard,
  fittedCard,
  constantCard,
  literalCard,
  dimensionCard,
  iotaCard,
];

function leaf(
  card: Primitive,
  type: TensorType,
  attributes: Attributes,
  extra: { name?: string | undefined; given?: string | undefined; initial?: Node | undefined } = {},
): Node {
  return new Node({ card, inputs: [], attributes, type, span: siteSpan(), scope: siteScope(), ...extra });
}

export function input(name: string, shape: Shape, dtype: DType): Node {
  return leaf(inputCard, { shape, dtype }, { shape, dtype }, { name });
}

const lengths = new WeakMap<Node, Node>();

/** How many items each row of a column of sequences has: i32[B]. */
export function lengthLeaf(column: Node): Node {
  const made = lengths.get(column) ?? input(lengthId(column.name ?? ''), column.shape.slice(0, 1), 'int32');
  lengths.set(column, made);
  return made;
}

/** A tensor with one number in every element. */
export function constant(value: number, shape: Shape = [], dtype: DType = 'float32'): Node {
  return leaf(constantCard, { shape, dtype }, { value, shape, dtype });
}

/** A tensor of numbers known when the program is written, from nested arrays' flattened values. */
export function literal(values: readonly number[], shape: readonly number[], dtype: DType = 'float32'): Node {
  return leaf(literalCard, { shape, dtype }, { values, shape, dtype });
}

/** How large `size` is in this run, as a scalar. A known size is a constant. */
export function dimension(size: Dim, dtype: DType = 'float32'): Node {
  return typeof size === 'number'
    ? constant(size, [], dtype)
    : leaf(dimensionCard, { shape: [], dtype }, { size, dtype });
}

/** The coordinate of each element of `shape` along `axis`. */
export function iota(shape: Shape, axis = 0, dtype: DType = 'int32'): Node {
  return leaf(iotaCard, { shape, dtype }, { axis, shape, dtype });
}

/** Makes the values that a parameter starts with. */
export type Initializer = (shape: readonly number[]) => Tensor;

export interface ParamOptions {
  /** Default: zeros. `glorotUniform()` and others come with the vocabulary. */
  readonly initializer?: Initializer | undefined;
  /** How the parameter is called in saved models and dumps. */
  readonly name?: string | undefined;
  /** Default true; false keeps the optimizer away from it. */
  readonly trainable?: boolean | undefined;
}

/** A parameter: training changes it. Shapes are known sizes. */
export function param<const S extends readonly number[]>(
  shape: S,
  options: ParamOptions = {},
): Tensor<S, 'float32'> {
  const make = options.trainable === false ? stateCard : paramCard;
  return held(make, shape, 'float32', options.initializer, options.name);
}

/** A value that lives from step to step and that `update` sets. */
export function state<const S extends readonly number[], D extends DType = 'float32'>(
  shape: S,
  options: { readonly initializer?: Initializer; readonly name?: string; readonly dtype?: D } = {},
): Tensor<S, D> {
  // Without a dtype D is the default.
  const dtype = options.dtype ?? ('float32' as D);
  return held(stateCard, shape, dtype, options.initializer, options.name);
}

/**
 * A value that is learned of the training data before the first step, in one pass over an epoch of them: its `update`s are made
 * batch by batch in that pass, and in no step. They may speak of columns and of the fitted values of the same layer, not of
 * parameters (PIP110). A run that goes on from a checkpoint or a model takes the values from there.
 */
export function fitted<const S extends readonly number[]>(
  shape: S,
  options: { readonly initializer?: Initializer; readonly name?: string } = {},
): Tensor<S, 'float32'> {
  return held(fittedCard, shape, 'float32', options.initializer, options.name);
}

function held<S extends readonly number[], D extends DType>(
  card: Primitive,
  shape: S,
  dtype: D,
  initializer: Initializer | undefined,
  name: string | undefined,
): Tensor<S, D> {
  const initial = initializer
    ? within({ owner: {}, name: 'initial', kind: 'op' }, () => initialOf(initializer(shape), shape))
    : constant(0, shape, dtype);
  // The node is a tensor of the type that it was given.
  return leaf(card, { shape, dtype }, { shape, dtype }, { name, given: name, initial }) as Node &
    Tensor<S, D>;
}

/** What an initializer gave: a tensor of the shape that was asked for. */
function initialOf(given: unknown, shape: readonly number[]): Node {
  const wrong = given instanceof Node ? given.type && String(given.type.shape) !== String(shape) : true;
  if (given instanceof Node && !wrong) return given;
  return refuse(
    ARG101({
      message: 'an initializer must give a tensor of the shape that it is given',
      span: siteSpan(),
      expected: `a tensor of shape [${shape.join(', ')}]`,
      received: given instanceof Node ? `one of shape [${given.type?.shape.join(', ')}]` : typeof given,
    }),
  );
}

function runLeaf(name: string, shape: readonly number[], dtype: DType): Node {
  return new Node({
    card: stateCard,
    inputs: [],
    attributes: { shape, dtype },
    type: { shape, dtype },
    span: nowhere,
    name,
    given: name,
  });
}

/** The seed of the run, two words: every random number is keyed by it. */
export const runSeed = runLeaf(seedId, [2], 'int32');

/** How many steps the run has made. */
export const runStep = runLeaf(stepId, [], 'int32');

/** True while training, false otherwise; each program knows which, so it folds away. */
export const training = runLeaf(trainingId, [], 'bool');

/** What the run itself owns: the same nodes in every pipeline. */
export const runLeaves: readonly Node[] = [runSeed, runStep, training];
