/** All that a hook may ask of a run. Commands are data; the run carries them out between batches, in order. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { valueText } from '../data/value-text.ts';
import type { CheckpointNow } from './checkpoint.ts';
import { checkpointing } from './checkpoint.ts';
import type { CommandedRun, CommandKind } from './command.ts';
import { lacking } from './command.ts';
import type { EvaluateNow } from './evaluate.ts';
import { evaluating } from './evaluate.ts';
import type { PublishNow } from './publish.ts';
import { publishing } from './publish.ts';
import type { Report } from './report.ts';
import { reporting } from './report.ts';
import type { Reset } from './reset.ts';
import { resetting } from './reset.ts';
import type { SetLearningRate } from './set-learning-rate.ts';
import { settingLearningRate } from './set-learning-rate.ts';
import type { AtEnd, Restore, TakeSnapshot } from './snapshot.ts';
import { ending, restoring, snapshotting } from './snapshot.ts';
import type { Stop } from './stop.ts';
import { stopping } from './stop.ts';

export type Command =
  | AtEnd
  | CheckpointNow
  | EvaluateNow
  | PublishNow
  | Report
  | Reset
  | Restore
  | SetLearningRate
  | Stop
  | TakeSnapshot;

const kinds: ReadonlyMap<string, CommandKind<Command>> = new Map(
  [
    checkpointing,
    ending,
    evaluating,
    publishing,
    reporting,
    resetting,
    restoring,
    settingLearningRate,
    snapshotting,
    stopping,
    // A kind is only ever handed the commands that have its name.
  ].map((kind) => [kind.command, kind as CommandKind<Command>]),
);

/** Refuses with RUN804 what is no command. */
export function kindOf(command: Command, asker: string): CommandKind<Command> {
  const name = typeof command === 'object' && command !== null ? command.command : undefined;
  const kind = name === undefined ? undefined : kinds.get(name);
  if (kind) return kind;
  return refuse(
    lacking(
      asker,
      'something that is not a command',
      'a command made by stop, snapshot and so on',
      valueText(command),
    ),
  );
}

/** Carries out one command. */
export function perform(command: Command, run: CommandedRun, asker: string): void | Promise<void> {
  return kindOf(command, asker).perform(command, run, asker);
}

/** Whether a command is carried out at the end of a run, too. */
export function countsAtEnd(command: Command, asker: string): boolean {
  return kindOf(command, asker).counts === 'always';
}
