/** The events of a run by their numbers, over all the processes that it took. */
import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../../runtime/index.ts';

/** Those that the clock or the disk decides have no number of their own. */
const uncounted: ReadonlySet<RunEvent['type']> = new Set([
  'runResumed',
  'runPaused',
  'runContinued',
  'recordRejected',
  'modelPublished',
  'checkpointFailed',
  'checkpointDamaged',
]);

export function isCounted(event: RunEvent): boolean {
  return !uncounted.has(event.type) && !(event.type === 'checkpointSaved' && event.place === 'disk');
}

/** In order and without times; throws where two of one number are not the same, or a number is missing. */
export function countedEvents(events: readonly RunEvent[]): readonly object[] {
  const found: object[] = [];
  for (const { time, ...event } of events) {
    if (!isCounted(event as RunEvent)) continue;
    const before = found[event.number - 1];
    if (before && !isDeepStrictEqual(before, event))
      throw new Error(`two events of one number: ${JSON.stringify(before)} and ${JSON.stringify(event)}`);
    if (!before && found.length !== event.number - 1)
      throw new Error(`event ${event.number} comes after event ${found.length}`);
    found[event.number - 1] = event;
  }
  return found;
}
