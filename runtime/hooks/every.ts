/** How often a hook does something: by steps, by the clock, or by epochs. */
import type { RunEvent } from '../events/event.ts';
import type { OptionRule } from '../run/check-options.ts';

export type Every = readonly [count: number, unit: 'steps' | 'seconds'] | 'epoch';

export const everyRule: OptionRule = {
  expected: "[500, 'steps'], [30, 'seconds'] or 'epoch'",
  fits: (every) =>
    every === 'epoch' || (Array.isArray(every) && every.length === 2 && isCount(every[0], every[1])),
};

function isCount(count: unknown, unit: unknown): boolean {
  if (typeof count !== 'number' || !(count > 0) || count === Number.POSITIVE_INFINITY) return false;
  return unit === 'seconds' || (unit === 'steps' && Number.isInteger(count));
}

/** When it was done last. */
export interface Last {
  readonly step: number;
  readonly time: number | undefined;
}

/** Whether it is to be done again at this event. */
export function isDue(every: Every, { step, time }: Last, event: RunEvent): boolean {
  if (every === 'epoch') return event.type === 'epochFinished';
  if (event.type !== 'batchFinished') return false;
  const [count, unit] = every;
  return unit === 'steps' ? event.step - step >= count : (event.time - (time ?? event.time)) / 1000 >= count;
}
