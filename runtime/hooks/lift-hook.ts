/** Lifts a hook onto a stream of events: what comes out are its commands. */
import type { OperatorFunction } from 'rxjs';
import { Observable } from 'rxjs';
import type { RunEvent } from '../events/event.ts';
import type { Command } from './command.ts';
import type { Hook } from './define-hook.ts';

/** Each subscription runs the machine from its initial state. What `on` throws ends the stream as an error. */
export function liftHook<State>(hook: Hook<State>): OperatorFunction<RunEvent, Command> {
  const wanted = hook.events && new Set(hook.events);
  return (events) =>
    new Observable((commands) => {
      let state = hook.initialState;
      return events.subscribe({
        next(event) {
          if (wanted && !wanted.has(event.type)) return;
          let answer: ReturnType<typeof hook.on>;
          try {
            answer = hook.on(state, event);
          } catch (error) {
            commands.error(error);
            return;
          }
          if (!answer) return;
          if ('state' in answer) state = answer.state as State;
          if (answer.commands) for (const command of answer.commands) commands.next(command);
        },
        error: (error) => commands.error(error),
        complete: () => commands.complete(),
      });
    });
}
