/** Evaluates on the validation data of a run. */
import type { Feed } from '../data/batch-source.ts';
import type { Evaluation } from '../events/event.ts';
import { evaluateAll } from '../model/evaluation.ts';
import type { Boundaries } from './boundaries.ts';
import type { EventLoopSlices } from './event-loop-slices.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import type { Steering } from './steering.ts';

/** An evaluation that was asked for over data that push their rows ends after so many batches, as they may never end. */
const mostPushedBatches = 100;

interface Surroundings {
  readonly slices: EventLoopSlices;
  readonly boundaries: Boundaries;
  readonly steering: Steering;
}

/** Undefined where the run was cancelled meanwhile. */
export async function evaluateFeed(
  loaded: LoadedPipeline,
  feed: Feed,
  { slices, boundaries, steering }: Surroundings,
): Promise<Evaluation | undefined> {
  const source = steering.watch(feed.epoch(0));
  try {
    return await evaluateAll(loaded, source, {
      slices,
      boundaries,
      isBroken: () => steering.cancelled !== undefined,
      mostBatches: feed.isPushed ? mostPushedBatches : Number.POSITIVE_INFINITY,
    });
  } finally {
    steering.unwatch(source);
  }
}
