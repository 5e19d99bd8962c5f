/** What checking gives: the forward part of a pipeline in typed primitives. */

import type { ReadProgram } from '../1-read/reading.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Output, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import type { Span } from '../ir/span.ts';
import type { Optimizer } from '../op/define/define-optimizer.ts';
import type { Metric } from '../op/metric.ts';
import type { Vocabulary } from '../op/vocabulary.ts';

/** A metric in primitives: `mean` of a value over all rows, or sums with a formula. */
export type CheckedMetric =
  | { readonly name: string; readonly kind: 'mean'; readonly value: Node }
  | {
      readonly name: string;
      readonly kind: 'sums';
      readonly sums: readonly Output[];
      readonly result: Metric['result'];
    };

export interface CheckedObjective {
  /** Absent in the short form. */
  readonly name: string | undefined;
  /** One value a row, or a scalar, as the user gave it. */
  readonly lossValue: Node;
  /** The mean over the batch, which is minimised: a scalar, not weighted. */
  readonly loss: Node;
  readonly optimizer: Optimizer;
  /** What it may train. */
  readonly parameters: readonly Node[];
  /** Whether the user said what it trains; if not, it is what the loss depends on. */
  readonly isSelected: boolean;
  readonly every: number;
  readonly weight: number;
}

/** A program that answers rows, in primitives. */
export type CheckedProgram = Omit<ReadProgram, 'columns'>;

export interface Checked {
  readonly name: string;
  readonly span: Span;
  readonly capacity: number;
  readonly vocabulary: Vocabulary;
  readonly objectives: readonly CheckedObjective[];
  readonly update: 'together' | 'inTurn';
  readonly metrics: readonly CheckedMetric[];
  /** `predict`, then the user's own. */
  readonly programs: readonly CheckedProgram[];
  /** What layers that are not frozen do to their state in a training step. */
  readonly updates: readonly Update[];
  /** What a batch of the training data does to the fitted values, before the first step. */
  readonly fits: readonly Update[];
  readonly params: readonly Node[];
  /** Those of frozen layers, which no objective trains. */
  readonly frozen: ReadonlySet<Node>;
  readonly states: readonly Node[];
  /** How many random streams are taken. */
  readonly streams: number;
}

export interface CheckResult {
  /** Absent when there are errors. */
  readonly checked?: Checked;
  readonly diagnostics: readonly Diagnostic[];
}
