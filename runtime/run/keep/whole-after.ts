/** Whether a run that has failed left its last step whole: then it is one to go on from. */
import type { BatchSource } from '../../data/batch-source.ts';
import type { RunEvent } from '../../events/event.ts';
import type { RunHooks } from '../hooks.ts';
import type { RunState } from '../run-state.ts';

/** Events that are told anew when the run goes on, by themselves or with the evaluation that they began. */
const toldAnew: ReadonlySet<RunEvent['type']> = new Set([
  'epochStarted',
  'batchFinished',
  'epochFinished',
  'evaluationStarted',
]);

interface Failed {
  readonly state: RunState;
  readonly hooks: RunHooks;
  /** Of the open epoch. */
  readonly source: BatchSource | undefined;
  /** How many steps were made with all that follows from them. */
  readonly whole: number;
}

export function isWholeAfter(error: unknown, { state, hooks, source, whole }: Failed): boolean {
  const { failedOf } = hooks.known;
  if (failedOf) return toldAnew.has(failedOf.type);
  // Evaluations change nothing that is trained.
  if (state.beforeEvaluation !== undefined) return true;
  return state.step === whole && source !== undefined && source.isWholeAfter(error);
}
