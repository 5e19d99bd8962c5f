/** Opens the data of a run: for training, or for validation. */
import type { Batches } from '../../dsl/dataset.ts';
import type { Feed } from '../data/batch-source.ts';
import { openFeed } from '../data/open-feed.ts';
import type { DataContext } from '../data/rows.ts';
import type { EventLoopSlices } from './event-loop-slices.ts';
import type { Settings } from './options.ts';
import type { Rejections } from './rejections.ts';
import type { Steering } from './steering.ts';

export interface DataSurroundings {
  readonly slices: EventLoopSlices;
  /** Tables that were read already. */
  readonly tables: DataContext['tables'];
  readonly steering: Steering;
  /** Absent where what is rejected is told of elsewhere. */
  readonly rejections: Rejections | undefined;
  readonly settings: Settings;
}

/** Undefined where the run was cancelled before all was there. */
export function openData(
  batches: Batches,
  data: 'training' | 'validation',
  surroundings: DataSurroundings,
  capacity?: number,
): Promise<Feed | undefined> {
  const context = contextOf(data, surroundings);
  return surroundings.steering.unlessCancelled(() => openFeed(batches, context, capacity));
}

export function contextOf(
  data: 'training' | 'validation',
  { slices, tables, steering, rejections, settings }: DataSurroundings,
): DataContext {
  const { seed, clock } = settings;
  return {
    seed,
    slices,
    tables,
    signal: steering.signal,
    now: () => clock.now(),
    onRejected: (rejection) => rejections?.add(data, rejection),
  };
}
