/** Forgets what was learned. */
import type { CommandKind } from './command.ts';

export interface Reset {
  readonly command: 'reset';
}

/** Gives weights, layers' state and optimizer's slots their first values again; the data go on where they are. */
export function reset(): Reset {
  return { command: 'reset' };
}

export const resetting: CommandKind<Reset> = {
  command: 'reset',
  perform(_, { loaded, seed, tell }) {
    loaded.initialise(seed);
    loaded.resetSums('train');
    tell({ type: 'modelReset' });
  },
};
