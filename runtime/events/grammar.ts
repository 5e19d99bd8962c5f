/** The order in which events may come: an automaton that reads a run from its first event to its last. */
import type { RunEventType } from './event.ts';

/**
 * `closing` holds what a run does after it has been broken off, before it says so. A cancelled or failed run
 * leaves its epoch, batch or evaluation open: these did not finish.
 */
export type Phase =
  | 'start'
  | 'between'
  | 'epoch'
  | 'batch'
  | 'evaluation'
  | 'epochEvaluation'
  | 'closing'
  | 'end';

type Transitions = Readonly<Record<Phase, Readonly<Partial<Record<RunEventType, Phase>>>>>;

const closing = { checkpointSaved: 'closing', checkpointRestored: 'closing' } as const;
const aborted = { runCancelled: 'end', runFailed: 'end' } as const;

const transitions: Transitions = {
  start: { runStarted: 'between' },
  between: {
    epochStarted: 'epoch',
    evaluationStarted: 'evaluation',
    checkpointSaved: 'between',
    checkpointRestored: 'between',
    learningRateChanged: 'between',
    recordRejected: 'between',
    driftDetected: 'between',
    prequentialEvaluated: 'between',
    runFinished: 'end',
    ...aborted,
  },
  epoch: {
    batchStarted: 'batch',
    evaluationStarted: 'epochEvaluation',
    epochFinished: 'between',
    checkpointSaved: 'epoch',
    checkpointRestored: 'epoch',
    learningRateChanged: 'epoch',
    recordRejected: 'epoch',
    driftDetected: 'epoch',
    prequentialEvaluated: 'epoch',
    ...aborted,
  },
  batch: { batchFinished: 'epoch', ...closing, runFailed: 'end' },
  evaluation: { evaluationFinished: 'between', ...closing, ...aborted },
  epochEvaluation: { evaluationFinished: 'epoch', ...closing, ...aborted },
  closing: { ...closing, ...aborted },
  end: {},
};

/** The phase after an event, or undefined where it may not come. */
export function after(phase: Phase, event: RunEventType): Phase | undefined {
  return transitions[phase][event];
}
