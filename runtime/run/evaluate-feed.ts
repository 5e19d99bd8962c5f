/** Evaluates on the validation data of a run, and tells of it. */
import type { Feed } from '../data/batch-source.ts';
import type { Evaluation } from '../events/event.ts';
import { evaluateAll } from '../model/evaluation.ts';
import type { Boundaries } from './boundaries.ts';
import type { EventLoopSlices } from './event-loop-slices.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import type { RunState } from './run-state.ts';
import type { Steering } from './steering.ts';
import type { Teller } from './teller.ts';

/** An evaluation that was asked for over data that push their rows ends after so many batches, as they may never end. */
const mostPushedBatches = 100;

interface Surroundings {
  readonly slices: EventLoopSlices;
  readonly boundaries: Boundaries;
  readonly steering: Steering;
  readonly state: RunState;
  readonly teller: Teller;
}

/** Nothing is finished when the run is cancelled meanwhile: undefined then. */
export async function evaluateFeed(
  loaded: LoadedPipeline,
  feed: Feed,
  { slices, boundaries, steering, state, teller }: Surroundings,
): Promise<Evaluation | undefined> {
  state.beforeEvaluation = state.events;
  teller.tell({ type: 'evaluationStarted' });
  const source = steering.watch(feed.epoch(0));
  try {
    const evaluation = await evaluateAll(loaded, source, {
      slices,
      boundaries,
      isBroken: () => steering.cancelled !== undefined,
      mostBatches: feed.isPushed ? mostPushedBatches : Number.POSITIVE_INFINITY,
    });
    if (!evaluation) return undefined;
    state.beforeEvaluation = undefined;
    state.validation = evaluation;
    teller.tell({ type: 'evaluationFinished', ...evaluation });
    return evaluation;
  } finally {
    steering.unwatch(source);
  }
}
