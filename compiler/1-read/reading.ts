/** What reading gives: a pipeline as nodes in the user's own vocabulary, composites still whole. */
import type { Schema } from '../../dsl/column.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { Parameters } from '../../dsl/pipeline.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Output } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { Span } from '../ir/span.ts';
import type { Optimizer } from '../op/define/define-optimizer.ts';
import type { Metric } from '../op/metric.ts';
import type { Vocabulary } from '../op/vocabulary.ts';

/** A metric as the user gave it: a value to average over the rows, or sums with a formula. */
export interface ReadMetric {
  readonly name: string;
  readonly judgement: Node | Metric;
}

/** What the user wants minimised. */
export interface ReadObjective {
  /** The user's word for it; absent in the short form of one loss and one optimizer. */
  readonly name: string | undefined;
  readonly loss: Node;
  readonly optimizer: Optimizer;
  readonly parameters: Parameters | undefined;
  readonly every: number;
  readonly weight: number;
}

/** A program that answers rows: `predict`, or one of the user's own. */
export interface ReadProgram {
  readonly name: string;
  readonly schema: Schema;
  /** The input node of each column. */
  readonly columns: Readonly<Record<string, Node>>;
  /** Whether it returns one tensor, or a record of them. */
  readonly form: 'tensor' | 'record';
  /** By the record's keys; a single tensor is called `outputs`. */
  readonly outputs: readonly Output[];
  readonly span: Span;
}

export interface Reading {
  readonly name: string;
  readonly span: Span;
  /** What the model returns for the data's columns. */
  readonly predict: ReadProgram;
  readonly objectives: readonly ReadObjective[];
  readonly update: 'together' | 'inTurn';
  readonly metrics: readonly ReadMetric[];
  /** Of the user's own. */
  readonly programs: readonly ReadProgram[];
  readonly data: Batches;
  readonly validation: Batches | undefined;
  /** Rows in a batch: the larger of training's and validation's. */
  readonly capacity: number;
  readonly vocabulary: Vocabulary;
  /** What went wrong beyond what the nodes themselves carry. */
  readonly diagnostics: readonly Diagnostic[];
}
