/** What the training loop needs to know of a module: which programs to run, and what stands where at their borders. */
import type { Schema } from '../../dsl/column.ts';

/** An output or a state: the user's word for it, and its id. A list of them keeps every word that a user may choose. */
export interface Labelled {
  readonly label: string;
  readonly id: string;
}

/** The outputs that tell how good a model is. */
export interface EvaluationPorts {
  /** The id of the loss. */
  readonly loss: string;
  /** The loss of each named objective; none in the short form. */
  readonly losses: readonly Labelled[];
  readonly metrics: readonly Labelled[];
}

/** The outputs that tell how good a model was on one batch. */
export type BatchPorts = Omit<EvaluationPorts, 'metrics'> & Partial<Pick<EvaluationPorts, 'metrics'>>;

/** A program that answers rows. */
export interface AnswerContract {
  readonly program: string;
  readonly schema: Schema;
  /** Whether it returns one tensor, or a record of them by these labels. */
  readonly form: 'tensor' | 'record';
  readonly outputs: readonly Labelled[];
}

export interface TrainingContract {
  /** The columns of the data. */
  readonly schema: Schema;
  /** Gives all state its first values. */
  readonly init: { readonly program: string };
  /** Looks at a batch of the training data before the first step, and sets these states; absent where nothing is fitted. */
  readonly fit?: { readonly program: string; readonly states: readonly string[] };
  /**
   * Trains on a batch. `batch` is of this batch, with the weights before it was trained on, `epoch` of all rows of the epoch so
   * far. Of a batch there are the metrics that are means over rows; older models have none.
   */
  readonly step: {
    readonly program: string;
    readonly batch: BatchPorts;
    readonly epoch: EvaluationPorts;
  };
  /** Judges a batch: `epoch` is of all rows since the sums were reset. */
  readonly evaluate: { readonly program: string; readonly epoch: EvaluationPorts };
  readonly predict: { readonly program: string };
  /** The programs that answer rows, `predict` among them. */
  readonly answers: readonly AnswerContract[];
  /** Ids of the run's own state. */
  readonly state: {
    readonly step: string;
    /** int32[2]: the low and the high 32 bits. */
    readonly seed: string;
    /** Learning rates that may be set, by objective; that of the short form is labelled `''`. None under a schedule. */
    readonly rates: readonly Labelled[];
    /** What is set to zero when an epoch, or an evaluation, begins. */
    readonly sums: { readonly train: readonly string[]; readonly validation: readonly string[] };
  };
}
