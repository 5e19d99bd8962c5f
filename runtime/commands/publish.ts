/** Gives the present weights to those who ask for predictions while training goes on. */
import type { CommandKind } from './command.ts';

export interface PublishNow {
  readonly command: 'publish';
}

/** Predictions are answered by these weights from now on: `run.serving.predict(rows)`. */
export function publishNow(): PublishNow {
  return { command: 'publish' };
}

export const publishing: CommandKind<PublishNow> = {
  command: 'publish',
  counts: 'always',
  perform: (_, run) => run.publish(),
};
