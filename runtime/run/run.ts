/** What `train` gives back: a run that can be watched, awaited and cancelled. */
import type { Observable, Unsubscribable } from 'rxjs';
import type { Schema } from '../../dsl/column.ts';
import type { Programs } from '../../dsl/program.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { EpochFinished, Evaluation, RunEvent } from '../events/event.ts';
import type { Model, PartialRow } from '../model/model.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Serving } from '../serve/serving.ts';
import type { SaveOptions } from '../store/model/save.ts';

export interface RunResult<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Own extends Programs = Programs,
> extends Evaluation {
  /** The model as training left it. */
  readonly model: Model<S, Out, Own>;
  readonly outcome: 'finished' | 'cancelled';
  /** As in the terminal event. */
  readonly reason: string;
  readonly steps: number;
  readonly epochs: number;
  readonly validation?: Evaluation;
  /** The ends of the epochs, of the last 1000 where there were more. */
  readonly history: readonly EpochFinished[];
}

/**
 * A run begins on the next turn of the event loop, so that whoever subscribes at once hears all of it. Watching never
 * changes training: a subscriber may come, go, be slow or throw, and the weights are the same.
 */
export interface Run<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Own extends Programs = Programs,
> extends Unsubscribable {
  /** Every event as it happens; completes after the terminal one. Late subscribers get the terminal event alone. */
  readonly events$: Observable<RunEvent>;
  /**
   * Resolves when the run has finished or was cancelled; rejects with a DiagnosticError when it failed. A failure that
   * nobody watches or awaits is reported by Node as an unhandled rejection.
   */
  readonly finished: Promise<RunResult<S, Out, Own>>;
  /**
   * When the terminal event is told, and from then on: the model, even of a run that failed, unless it failed before there
   * was one.
   */
  readonly model: Model<S, Out, Own> | undefined;
  /**
   * The present weights' answers, one a row: at any time once the run has begun, between two batches. What is asked before
   * the pipeline is loaded waits for it; rejects with what the run failed of where there never was a model.
   */
  predict(rows: readonly PartialRow<S>[]): Promise<Prediction<Out>[]>;
  /** Saves the present weights: at any time, training goes on. */
  save(directory: string | URL, options?: SaveOptions): Promise<void>;
  /** Answers by published versions while training goes on, with the hook `publish`. */
  readonly serving: Serving<S, Out>;
  /** Holds training after the present batch, until `resume` or `cancel`. Data keep coming where nothing can pause them. */
  pause(): void;
  /** Goes on after `pause`. */
  resume(): void;
  /** Ends training after the present batch, in good order: the epoch is closed, and the run finishes with this reason. */
  stop(reason?: string): void;
  /** Gives weights, layers' state and slots their first values again after the present batch; the data go on where they are. */
  reset(): void;
  /** Stops at the next batch boundary, or at once while waiting for data. Does nothing once the run has ended. */
  cancel(reason?: string): void;
  /** The same as `cancel`: so a run can be added to an RxJS Subscription. */
  unsubscribe(): void;
}
