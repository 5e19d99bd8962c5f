/** A pipeline: data, a model, a loss, metrics and an optimizer, as one value. */
import type { Columns, Schema } from './column.ts';
import type { Batches } from './dataset.ts';
import type { Span } from './span.ts';
import type { Tensor, Tensors } from './tensor.ts';

/** What a user writes. `Out` is what the model returns; `Judge` and `Optimizer` belong to the vocabulary. */
export interface PipelineDefinition<S extends Schema, Out extends Tensors, Judgement, Optimizer> {
  readonly data: Batches<S>;
  readonly validation?: Batches<S>;
  /** From the columns of a batch to the outputs. */
  readonly model: (columns: Columns<S>) => Out;
  /** One value a row, which is averaged over the batch, or a scalar, which is taken as it is. */
  readonly loss: (outputs: Out, columns: Columns<S>) => Tensor;
  /** One value a row, which is averaged over all rows, or sums with a formula on them. */
  readonly metrics?: { readonly [name: string]: (outputs: Out, columns: Columns<S>) => Judgement };
  readonly optimizer: Optimizer;
}

/** A pipeline, ready to be compiled: its definition, and the language it is written in. */
export class Pipeline<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Judgement = unknown,
  Optimizer = unknown,
  Language = unknown,
> {
  readonly definition: PipelineDefinition<S, Out, Judgement, Optimizer>;
  readonly language: Language;
  /** Where `pipeline(…)` was called. */
  readonly span: Span;

  constructor(definition: PipelineDefinition<S, Out, Judgement, Optimizer>, language: Language, span: Span) {
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
