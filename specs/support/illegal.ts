/** Holds the events of a run to the grammar. */
import type { RunEvent } from '../../runtime/events/event.ts';
import type { Phase } from '../../runtime/events/grammar.ts';
import { after } from '../../runtime/events/grammar.ts';

/** The events broke the grammar where this gives a text. */
export function illegal(events: readonly RunEvent[]): string | undefined {
  let phase: Phase = 'start';
  for (const [at, { type }] of events.entries()) {
    const next = after(phase, type);
    if (!next)
      return `${type} in phase ${phase}, event ${at} of ${events.map((event) => event.type).join(' ')}`;
    phase = next;
  }
  return phase === 'end' ? undefined : `the run ends in phase ${phase}`;
}
