/** Tells what a hook has found, as an event of the run. */
import type { CommandKind, Told } from './command.ts';

/** Events that hooks make. */
export type Finding = Extract<Told, { readonly type: 'driftDetected' | 'prequentialEvaluated' }>;

export interface Report {
  readonly command: 'report';
  readonly event: Finding;
}

/** Makes an event of what a hook has found: all hooks and subscribers hear it. */
export function report(event: Finding): Report {
  return { command: 'report', event };
}

export const reporting: CommandKind<Report> = {
  command: 'report',
  perform({ event }, { tell }) {
    tell(event);
  },
};
