/** What both readers give: a pipeline as nodes in the user's own vocabulary, composites still whole. */
import type { Schema } from '../../dsl/column.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Output } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { Span } from '../ir/span.ts';
import type { Optimizer } from '../op/define-optimizer.ts';
import type { Metric } from '../op/metric.ts';
import type { Vocabulary } from '../op/vocabulary.ts';

/** A metric as the user gave it: a value to average over the rows, or sums with a formula. */
export interface ReadMetric {
  readonly name: string;
  readonly judgement: Node | Metric;
}

export interface Reading {
  readonly name: string;
  readonly span: Span;
  readonly schema: Schema;
  /** The input node of each column. */
  readonly columns: Readonly<Record<string, Node>>;
  /** What the model returns; a single tensor is called `outputs`, those of a record `outputs.NAME`. */
  readonly outputs: readonly Output[];
  readonly loss: Node | undefined;
  readonly metrics: readonly ReadMetric[];
  readonly optimizer: Optimizer;
  readonly data: Batches;
  readonly validation: Batches | undefined;
  /** Rows in a batch: the larger of training's and validation's. */
  readonly capacity: number;
  readonly vocabulary: Vocabulary;
  /** What went wrong beyond what the nodes themselves carry. */
  readonly diagnostics: readonly Diagnostic[];
}
