/** The order in which events may come: an automaton that reads a run from its first event to its last. */
import type { RunEventType } from './event.ts';

/**
 * `started` is before anything is fitted. `resumed` is where a run that goes on may be: between epochs or in one. `closing` holds what a run does after it has been
 * broken off, before it says so. A cancelled or failed run leaves its epoch, batch or evaluation open: these did not finish.
 */
export type Phase =
  | 'start'
  | 'started'
  | 'resumed'
  | 'between'
  | 'epoch'
  | 'batch'
  | 'evaluation'
  | 'resumedEvaluation'
  | 'epochEvaluation'
  | 'closing'
  | 'end';

type Transitions = Readonly<Record<Phase, Readonly<Partial<Record<RunEventType, Phase>>>>>;

const closing = {
  checkpointSaved: 'closing',
  checkpointFailed: 'closing',
  checkpointRestored: 'closing',
  modelPublished: 'closing',
  recordRejected: 'closing',
} as const;
const aborted = { runCancelled: 'end', runFailed: 'end' } as const;

/** What may come at any boundary of a batch, and leaves a run where it is. */
function within<P extends Phase>(phase: P) {
  return {
    checkpointSaved: phase,
    checkpointFailed: phase,
    checkpointRestored: phase,
    checkpointDamaged: phase,
    learningRateChanged: phase,
    recordRejected: phase,
    modelReset: phase,
    nonFiniteMended: phase,
    modelPublished: phase,
    driftDetected: phase,
    prequentialEvaluated: phase,
    runPaused: phase,
    runContinued: phase,
  } as const;
}

const between = {
  ...within('between'),
  epochStarted: 'epoch',
  evaluationStarted: 'evaluation',
  runFinished: 'end',
  ...aborted,
} as const;

const epoch = {
  ...within('epoch'),
  batchStarted: 'batch',
  evaluationStarted: 'epochEvaluation',
  epochFinished: 'between',
  // Stopped before its first batch.
  runFinished: 'end',
  ...aborted,
} as const;

const transitions: Transitions = {
  start: { runStarted: 'started', runResumed: 'resumed' },
  started: { ...between, ...within('started'), dataFitted: 'between' },
  resumed: {
    ...{ ...between, ...epoch, ...within('resumed') },
    ...{ dataFitted: 'resumed', evaluationStarted: 'resumedEvaluation' },
    // One that a hook failed of is told again.
    batchFinished: 'resumed',
  },
  between,
  epoch,
  batch: { batchFinished: 'epoch', ...closing, runFailed: 'end' },
  evaluation: { evaluationFinished: 'between', ...closing, ...aborted },
  resumedEvaluation: { evaluationFinished: 'resumed', ...closing, ...aborted },
  epochEvaluation: { evaluationFinished: 'epoch', ...closing, ...aborted },
  closing: { ...closing, ...aborted, runFinished: 'end' },
  end: {},
};

/** The phase after an event, or undefined where it may not come. */
export function after(phase: Phase, event: RunEventType): Phase | undefined {
  return transitions[phase][event];
}
