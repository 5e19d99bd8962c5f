/** Ends training in good order. */
import type { CommandKind } from './command.ts';

export interface Stop {
  readonly command: 'stop';
  readonly reason: string;
}

/** Ends training after the present batch; the epoch is closed and the run finishes with this reason. */
export function stop(reason: string): Stop {
  return { command: 'stop', reason };
}

export const stopping: CommandKind<Stop> = {
  command: 'stop',
  perform({ reason }, { state }) {
    state.stopped ??= reason;
  },
};
