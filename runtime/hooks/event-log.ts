/** Writes the events of a run into a file, one a line, from which they can be heard again. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEventType } from '../events/event.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions } from '../run/check-options.ts';
import { EventFile } from '../store/event-file.ts';
import { defineHookKind } from './define-hook.ts';

export interface EventLogOptions {
  /** Which events; all of them when left out. Batches come by the million: `['epochFinished', …]` leaves them out. */
  readonly events?: readonly RunEventType[] | undefined;
}

const rules: OptionRules<EventLogOptions> = {
  events: {
    expected: 'a list of event types',
    fits: (events) => Array.isArray(events) && events.every((type) => typeof type === 'string'),
  },
};

/**
 * Appends each event as a line of JSON, so that a run that is resumed goes on in the same file; lines reach the disk a fraction
 * of a second later, and all of them when the run ends. A file that cannot be written is a warning of the process, never the
 * end of the run. `replayEvents(file, hook)` hears them again.
 */
export const eventLog = defineHookKind(
  'eventLog',
  (file: string | URL, options: EventLogOptions = {}) => {
    checkOptions('eventLog', options, rules);
    const log = new EventFile(file);
    return {
      initialState: undefined,
      ...(options.events && { events: options.events }),
      on(_: undefined, event) {
        log.write(event);
      },
    };
  },
  { examples: [[join(tmpdir(), 'millrace-laws-of-event-log.jsonl')]] },
);
