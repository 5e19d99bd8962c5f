/** What a command is: plain data that a hook answers with, and how a run carries it out between two batches. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN804 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Evaluation, RunEvent } from '../events/event.ts';
import type { Snapshots } from '../run/keep/snapshots.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';
import type { RunState } from '../run/run-state.ts';
import type { CheckpointNow } from './checkpoint.ts';

type Unstamped<E> = E extends RunEvent ? Omit<E, 'number' | 'time' | 'step' | 'epoch'> : never;

/** An event before it is given its number, time and place. */
export type Told = Unstamped<RunEvent>;

/** The run as commands see it. */
export interface CommandedRun {
  readonly loaded: LoadedPipeline;
  readonly state: RunState;
  readonly snapshots: Snapshots;
  readonly seed: number;
  tell(event: Told): void;
  /** Undefined when there is nothing to evaluate on, or the run was cancelled meanwhile. */
  evaluate(): Promise<Evaluation | undefined>;
  readonly validates: boolean;
  /** Takes a checkpoint into the directory of a hook's; writing goes on while training does. */
  checkpoint(directory: string, metric: CheckpointNow['metric']): Promise<void>;
  /** Gives the present weights to those who ask for predictions. */
  publish(): Promise<void>;
}

/** How commands of one kind are carried out. `asker` is the name of the hook that asked, for messages. */
export interface CommandKind<C extends { readonly command: string }> {
  readonly command: C['command'];
  /** Whether it is carried out at the end of a run, too, however that came. */
  readonly counts?: 'always';
  perform(command: C, run: CommandedRun, asker: string): void | Promise<void>;
}

/** A hook asks for something that this run does not have. */
export function lacking(asker: string, what: string, expected: string, received: unknown): Diagnostic {
  return RUN804({
    message: `the hook ${asker} asks for ${what}`,
    span: nowhere,
    expected,
    received: String(received),
  });
}
