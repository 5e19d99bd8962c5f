/** Hears the events of a run again: from a file, or from any other source of them. */
import type { Command } from '../commands/index.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { readEvents } from '../store/event-file.ts';
import type { RunEvent } from './event.ts';

/** What a hook has answered. */
export interface Replayed<State> {
  readonly state: State;
  /** With the event that each was an answer to. */
  readonly commands: readonly { readonly command: Command; readonly event: RunEvent }[];
}

/**
 * What a hook would know and have asked for, had it heard these events: `await replayEvents('run.jsonl', earlyStopping())`. Of a
 * file in which a resumed run has written events again, each number is heard once, as it was written last.
 */
export async function replayEvents<State>(
  events: string | URL | AsyncIterable<RunEvent> | Iterable<RunEvent>,
  hook: Hook<State>,
): Promise<Replayed<State>> {
  const source = typeof events === 'string' || events instanceof URL ? lastWritten(events) : events;
  const wanted = hook.events && new Set(hook.events);
  const commands: { command: Command; event: RunEvent }[] = [];
  let state = structuredClone(hook.initialState);
  for await (const event of source) {
    if (wanted && !wanted.has(event.type)) continue;
    const answer = hook.on(state, event);
    if (!answer) continue;
    if (answer.state !== undefined) state = answer.state;
    for (const command of answer.commands ?? []) commands.push({ command, event });
  }
  return { state, commands };
}

/**
 * Events after a resume take the place of those with their numbers and higher ones; a run that begins anew, of all. The file is read
 * twice, so that it need not fit into memory.
 */
async function* lastWritten(file: string | URL): AsyncGenerator<RunEvent> {
  /** By the place of a beginning in the file: events before it count up to this number. */
  const limits: { readonly place: number; readonly number: number }[] = [];
  let place = 0;
  for await (const { type, number } of readEvents(file)) {
    if (type === 'runStarted') limits.push({ place, number: 0 });
    if (type === 'runResumed') limits.push({ place, number });
    place++;
  }
  let at = 0;
  for await (const event of readEvents(file)) {
    while (limits[0] && limits[0].place <= at) limits.shift();
    at++;
    if (limits.every(({ number }) => event.number <= number)) yield event;
  }
}
