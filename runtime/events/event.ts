/** The lifecycle of a run as one union of plain, serialisable values. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';

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
  readonly place: 'memory';
}

export interface CheckpointRestored extends Common {
  readonly type: 'checkpointRestored';
  readonly generation: string;
  readonly place: 'memory';
  /** The step after which it had been saved. */
  readonly from: number;
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
  /** `overflow`: they were dropped by the policy of a source that is faster than training. */
  readonly reason: 'overflow';
  /** Rows since the last event of this kind. */
  readonly count: number;
  /** Rows in the whole run. */
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
  /** `epochs` or `steps` when those were reached, else what the hook that stopped it said. */
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
  | EpochStarted
  | BatchStarted
  | BatchFinished
  | EvaluationStarted
  | EvaluationFinished
  | EpochFinished
  | CheckpointSaved
  | CheckpointRestored
  | LearningRateChanged
  | RecordRejected
  | DriftDetected
  | PrequentialEvaluated
  | RunFinished
  | RunCancelled
  | RunFailed;

export type RunEventType = RunEvent['type'];

/** The last event of every run. */
export type TerminalEvent = RunFinished | RunCancelled | RunFailed;

export function isTerminal(event: RunEvent): event is TerminalEvent {
  return event.type === 'runFinished' || event.type === 'runCancelled' || event.type === 'runFailed';
}
