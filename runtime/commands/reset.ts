/** Forgets what was learned. */
import type { CommandKind } from './command.ts';

export interface Reset {
  readonly command: 'reset';
}

/** Gives weights, layers' state and optimizer's slots their first values again; the data go on where they are, and so does what was fitted to them. */
export function reset(): Reset {
  return { command: 'reset' };
}

export const resetting: CommandKind<Reset> = {
  command: 'reset',
  perform(_, { loaded, seed, tell }) {
    loaded.reset(seed);
    loaded.resetSums('train');
    tell({ type: 'modelReset' });
  },
};
