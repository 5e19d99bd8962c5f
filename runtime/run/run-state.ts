/** The state of a run: all that it knows beside its tensors, as one value of plain data that a checkpoint holds. */
import type { RejectionReason } from '../../dsl/stage.ts';
import type { EpochFinished, Evaluation, RunEvent } from '../events/event.ts';
import type { AskedCommand } from './hooks.ts';

/** How many ends of epochs are kept: a stream has epochs without end. */
const historyLimit = 1000;

export interface RunState {
  /** Batches trained on. */
  step: number;
  /** The present epoch, from 1; 0 before the first. */
  epoch: number;
  /** The number of the last event. */
  events: number;
  /** The number of the last event before an evaluation that is open, or was broken off: it is made anew when the run goes on. */
  beforeEvaluation: number | undefined;
  /** Steps made before the present epoch; undefined between epochs. */
  epochBegan: number | undefined;
  /** Where the data of the open epoch are, as its source tells. */
  data: unknown;
  /** Over the rows of the open epoch, as far as it came; undefined between epochs and before its first step. */
  seen: Evaluation | undefined;
  /** Why the run is to stop; undefined while it is not. */
  stopped: string | undefined;
  /** Ends of epochs, the last 1000 at least. */
  readonly history: EpochFinished[];
  /** Of the present weights, where they were evaluated. */
  validation: Evaluation | undefined;
  /** Rows that were rejected in the whole run, by reason. */
  readonly rejected: Partial<Record<RejectionReason, number>>;
  /** The states of the hooks, by their names; of several of one name, the later ones are numbered. */
  hooks: Readonly<Record<string, unknown>>;
  /** What hooks asked for and has not been carried out: at the next boundary. */
  asked: readonly AskedCommand[];
  /** What is to be carried out at this boundary. */
  due: readonly AskedCommand[];
  /** The event that a hook failed of: told again, as it was, when the run goes on. */
  untold: RunEvent | undefined;
  /** The snapshots that hooks want restored at the end, by the hooks' names. */
  endings: Readonly<Record<string, string | undefined>>;
}

/** Of a run that begins. */
export function firstState(): RunState {
  return {
    step: 0,
    epoch: 0,
    events: 0,
    beforeEvaluation: undefined,
    epochBegan: undefined,
    data: undefined,
    seen: undefined,
    stopped: undefined,
    history: [],
    validation: undefined,
    rejected: {},
    hooks: {},
    asked: [],
    due: [],
    untold: undefined,
    endings: {},
  };
}

/** Keeps one more end of an epoch: a copy, which subscribers cannot change any more. */
export function keepEpoch({ history }: RunState, finished: EpochFinished): void {
  // Now and then, so that it costs nothing on average.
  if (history.length >= 2 * historyLimit) history.splice(0, historyLimit);
  history.push(structuredClone(finished));
}

/** The ends of the last 1000 epochs. */
export function lastEpochs({ history }: RunState): readonly EpochFinished[] {
  return history.slice(-historyLimit);
}
