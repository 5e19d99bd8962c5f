/** The lifecycle of a run as one union of plain, serialisable values. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { RejectionReason } from '../../dsl/stage.ts';

/** Values by the user's own names. */
export type Metrics = Readonly<Record<string, number>>;

/** A evaluation over all rows of a dataset. */
export interface Evaluation {
  /** Of several objectives: the sum of their losses, each times its weight. */
  readonly loss: number;
  /** Of each named objective, not weighted; absent when the pipeline has one loss. */
  readonly losses?: Metrics;
  readonly metrics: Metrics;
}

interface Common {
  /**
   * The event's place in the run, from 1: the same in a run that is resumed after a crash, so that a repetition can be told.
   * What depends on the clock or the disk alone (`runResumed`, `runPaused`, `runContinued`, `modelPublished`, `recordRejected`,
   * `checkpointSaved` on disk) has the number of the event before it.
   */
  readonly number: number;
  /** Milliseconds since 1970, by the run's clock. */
  readonly time: number;
  /** Of a batch: its own number, from 1. Of all others: how many batches have been trained on so far. */
  readonly step: number;
  /** The present epoch, from 1; 0 before the first one. */
  readonly epoch: number;
}

export interface RunStarted extends Common {
  readonly type: 'runStarted';
  readonly pipeline: string;
  readonly engine: string;
  readonly seed: number;
  /** Absent when only steps bound the run. */
  readonly epochs?: number;
  readonly steps?: number;
  /** The metrics' names. */
  readonly metrics: readonly string[];
  /** Whether the pipeline has validation data. */
  readonly validation: boolean;
  /** True where this process has trained the pipeline before: what was learned then is not gone on with, as `from` would. */
  readonly again?: true;
}

/** The first event of a run that goes on from a checkpoint, or from a model. */
export interface RunResumed extends Omit<RunStarted, 'type'> {
  readonly type: 'runResumed';
  /** The directory or generation; absent when it goes on from a model in memory. */
  readonly from?: string;
  /** Whether training goes on as if it had never ended: data, hooks, random numbers and all. */
  readonly exact: boolean;
  /** What of the program was not there before and begins anew: parameters, slots, hooks, `data`. */
  readonly fresh: readonly string[];
  /** What was there and the program does not have any more. */
  readonly unused: readonly string[];
}

/** What is fitted was learned of the training data: `normalization`, and the words of vocabularies. */
export interface DataFitted extends Common {
  readonly type: 'dataFitted';
  /** Of the training data, all of which were looked at. */
  readonly rows: number;
  /** How many words each fitted vocabulary has, by its column. */
  readonly vocabularies: Readonly<Record<string, number>>;
}

export interface RunPaused extends Common {
  readonly type: 'runPaused';
}

export interface RunContinued extends Common {
  readonly type: 'runContinued';
}

export interface EpochStarted extends Common {
  readonly type: 'epochStarted';
  /** How many batches this epoch has, where the dataset knows. */
  readonly batches?: number;
}

export interface BatchStarted extends Common {
  readonly type: 'batchStarted';
  /** Rows in the batch. */
  readonly size: number;
}

export interface BatchFinished extends Common {
  readonly type: 'batchFinished';
  readonly size: number;
  /** Of this batch. */
  readonly loss: number;
  /** Of each named objective, for this batch. */
  readonly losses?: Metrics;
  /** Over all rows of the epoch so far. */
  readonly metrics: Metrics;
  /**
   * Of this batch alone, before it was trained on: the metrics that are means over rows. Only where a hook wants them, such
   * as `prequentialEvaluation`.
   */
  readonly batchMetrics?: Metrics;
}

export interface EvaluationStarted extends Common {
  readonly type: 'evaluationStarted';
}

export interface EvaluationFinished extends Common, Evaluation {
  readonly type: 'evaluationFinished';
}

export interface EpochFinished extends Common, Evaluation {
  readonly type: 'epochFinished';
  readonly validation?: Evaluation;
}

export interface CheckpointSaved extends Common {
  readonly type: 'checkpointSaved';
  readonly generation: string;
  /** `disk`: it is durable when this is told. Its step is in `from`, since training went on meanwhile. */
  readonly place: 'memory' | 'disk';
  /** On disk: the step it was taken after. */
  readonly from?: number;
  /** On disk: of all its parts, those shared with other generations included. */
  readonly bytes?: number;
}

/** A checkpoint could not be written; training goes on, and the one before it is untouched. */
export interface CheckpointFailed extends Common {
  readonly type: 'checkpointFailed';
  readonly error: Diagnostic;
}

/** A generation on disk that does not verify, found while the newest one that does was looked for. */
export interface CheckpointDamaged extends Common {
  readonly type: 'checkpointDamaged';
  readonly generation: string;
  readonly reason: string;
}

export interface CheckpointRestored extends Common {
  readonly type: 'checkpointRestored';
  readonly generation: string;
  readonly place: 'memory';
  /** The step after which it had been saved. */
  readonly from: number;
}

/** A step gave a loss that is no number, and training goes on as the hook `nanGuard` says. */
export interface NonFiniteMended extends Common {
  readonly type: 'nonFiniteMended';
  readonly policy: 'fail' | 'skip' | 'clip' | 'rollback';
  /** The steps that were left out, or limited. */
  readonly steps: readonly number[];
  /** RUN802: which op it was, where, and by which row. */
  readonly error: Diagnostic;
}

/** Weights, layers' state and slots have their first values again. */
export interface ModelReset extends Common {
  readonly type: 'modelReset';
}

/** Predictions are answered by the weights of this step from now on. */
export interface ModelPublished extends Common {
  readonly type: 'modelPublished';
  /** From 1. */
  readonly version: number;
}

export interface LearningRateChanged extends Common {
  readonly type: 'learningRateChanged';
  /** Absent when the pipeline has one loss. */
  readonly objective?: string;
  readonly learningRate: number;
  readonly before: number;
}

/** Rows that came but were not trained on. */
export interface RecordRejected extends Common {
  readonly type: 'recordRejected';
  /**
   * `overflow`: dropped by the policy of a source that is faster than training; `cancelled`: they were waiting when the run
   * ended; the others are said by the stage that rejects.
   */
  readonly reason: RejectionReason;
  /** Which dataset of the pipeline. */
  readonly data: 'training' | 'validation';
  /** The stage of the dataset. */
  readonly stage: string;
  /** Rows since the last event of this kind. */
  readonly count: number;
  /** Rows in the whole run, of this reason. */
  readonly total: number;
}

/** What the monitored values of batches come from has changed, or may have. */
export interface DriftDetected extends Common {
  readonly type: 'driftDetected';
  /** The kind of the detector, such as `adwin`. */
  readonly detector: string;
  /** `loss`, `losses.NAME`, or a metric's name. */
  readonly monitor: string;
  readonly verdict: 'warning' | 'drift';
  /** The value of the batch at which it was found. */
  readonly value: number;
}

/** How good predictions have been lately, each made before its row was trained on. */
export interface PrequentialEvaluated extends Common {
  readonly type: 'prequentialEvaluated';
  /** `loss`, `losses.NAME`, or a metric's name. */
  readonly monitor: string;
  readonly estimate: number;
  /** How many values have counted in the whole run. */
  readonly count: number;
}

export interface RunFinished extends Common, Evaluation {
  readonly type: 'runFinished';
  /** `epochs` or `steps` when those were reached, `data` when there were no more, else what whoever stopped it said. */
  readonly reason: string;
  readonly steps: number;
  readonly epochs: number;
  /** Of the last epoch that had one. */
  readonly validation?: Evaluation;
}

export interface RunCancelled extends Common {
  readonly type: 'runCancelled';
  readonly reason: string;
}

export interface RunFailed extends Common {
  readonly type: 'runFailed';
  readonly error: Diagnostic;
  /** Further diagnostics of the same failure, such as several bad rows. */
  readonly others?: readonly Diagnostic[];
}

export type RunEvent =
  | RunStarted
  | RunResumed
  | DataFitted
  | RunPaused
  | RunContinued
  | EpochStarted
  | BatchStarted
  | BatchFinished
  | EvaluationStarted
  | EvaluationFinished
  | EpochFinished
  | CheckpointSaved
  | CheckpointRestored
  | CheckpointFailed
  | CheckpointDamaged
  | ModelReset
  | NonFiniteMended
  | ModelPublished
  | DriftDetected
  | PrequentialEvaluated
  | LearningRateChanged
  | RecordRejected
  | RunFinished
  | RunCancelled
  | RunFailed;

export type RunEventType = RunEvent['type'];

/** The last event of every run. */
export type TerminalEvent = RunFinished | RunCancelled | RunFailed;

export function isTerminal(event: RunEvent): event is TerminalEvent {
  return event.type === 'runFinished' || event.type === 'runCancelled' || event.type === 'runFailed';
}
