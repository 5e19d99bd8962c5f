/** A pipeline: data, a model, objectives with optimizers, metrics and programs of one's own, as one value. */
import type { Columns, Schema } from './column.ts';
import type { Batches } from './dataset.ts';
import type { Program, Programs } from './program.ts';
import type { Span } from './span.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** A layer, as far as a pipeline's definition needs to know one. */
export interface LayerLike {
  readonly layer: string;
}

/** What an objective trains: layers, parameters, those whose names a function says yes to, or several of these. */
export type Parameters = LayerLike | Tensor | ((name: string) => boolean) | readonly Parameters[];

/** One thing to minimise, and how: one of several in `objectives`. */
export interface Objective<S extends Schema, Out extends Tensors, Optimizer = unknown> {
  /** One value a row, which is averaged over the batch, or a scalar, which is taken as it is. */
  readonly loss: (outputs: Out, columns: Columns<S>) => Tensor;
  readonly optimizer: Optimizer;
  /** What it trains; default: every parameter that its loss depends on. */
  readonly parameters?: Parameters | undefined;
  /** It updates in every so many steps, the first included. Default 1: in each. */
  readonly every?: number | undefined;
  /** What its loss counts in the total loss and in its gradients. Default 1. */
  readonly weight?: number | undefined;
}

interface Common<S extends Schema, Out extends Tensors, Judgement, Own extends Programs> {
  readonly data: Batches<S>;
  readonly validation?: Batches<S> | undefined;
  /** From the columns of a batch to the outputs. */
  readonly model: (columns: Columns<S>) => Out;
  /** One value a row, which is averaged over all rows, or sums with a formula on them. */
  readonly metrics?:
    | { readonly [name: string]: (outputs: Out, columns: Columns<S>) => Judgement }
    | undefined;
  /** Programs of one's own over the model's parameters: `programs: { paint: program({ z: vector(64) }, ({ z }) => painter(z)) }`. */
  readonly programs?: Own | undefined;
}

/** One objective over all parameters: the short form. */
interface OneObjective<S extends Schema, Out extends Tensors, Optimizer> {
  /** One value a row, which is averaged over the batch, or a scalar, which is taken as it is. */
  readonly loss: (outputs: Out, columns: Columns<S>) => Tensor;
  readonly optimizer: Optimizer;
  readonly objectives?: undefined;
  readonly update?: undefined;
}

/** Several objectives, each with a loss, an optimizer and parameters of its own. */
interface SeveralObjectives<S extends Schema, Out extends Tensors, Optimizer> {
  readonly objectives: { readonly [name: string]: Objective<S, Out, Optimizer> };
  /**
   * `together`, the default: all gradients are taken at the weights that the step began with. `inTurn`: in the order of the
   * objectives, each at the weights that those before it have left.
   */
  readonly update?: 'together' | 'inTurn' | undefined;
  readonly loss?: undefined;
  readonly optimizer?: undefined;
}

/** What a user writes. `Out` is what the model returns; `Judgement` and `Optimizer` belong to the vocabulary. */
export type PipelineDefinition<
  S extends Schema,
  Out extends Tensors,
  Judgement = unknown,
  Optimizer = unknown,
  Own extends Programs = Programs,
> = Common<S, Out, Judgement, Own> & (OneObjective<S, Out, Optimizer> | SeveralObjectives<S, Out, Optimizer>);

/** A pipeline, ready to be compiled: its definition, and the language it is written in. */
export class Pipeline<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Own extends Programs = Programs,
  Judgement = unknown,
  Optimizer = unknown,
> {
  readonly definition: PipelineDefinition<S, Out, Judgement, Optimizer, Own>;
  /** The vocabulary, which only the compiler looks into. */
  readonly language: unknown;
  /** Where `pipeline(…)` was called. */
  readonly span: Span;

  constructor(
    definition: PipelineDefinition<S, Out, Judgement, Optimizer, Own>,
    language: unknown,
    span: Span,
  ) {
    this.definition = definition;
    this.language = language;
    this.span = span;
  }
}

/** A pipeline of any schema and outputs. */
export interface AnyPipeline {
  readonly definition: object;
  readonly language: unknown;
  readonly span: Span;
}

export type { Program, Programs };
