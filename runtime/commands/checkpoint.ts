/** Writes all of a run to disk, so that it can be gone on with. */
import type { CommandKind } from './command.ts';

export interface CheckpointNow {
  readonly command: 'checkpoint';
  readonly directory: string;
  /** What generations are compared by, where the best one is kept. */
  readonly metric?: { readonly value: number; readonly mode: 'min' | 'max' };
}

export const checkpointing: CommandKind<CheckpointNow> = {
  command: 'checkpoint',
  perform: ({ directory, metric }, run) => run.checkpoint(directory, metric),
};
