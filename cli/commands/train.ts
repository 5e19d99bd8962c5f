/** `millrace train FILE [--epochs N] [--steps N] [--seed N] [--engine …] [--threads N] [--save DIR] [--checkpoint DIR] [--json]` */

import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileName } from '../../compiler/diagnostics/files.ts';
import { toJson } from '../../compiler/diagnostics/render.ts';
import type { Hook, Model, RunEvent, TrainOptions } from '../../runtime/index.ts';
import { checkpoint, progress, train as startTraining } from '../../runtime/index.ts';
import type { Command, Given } from '../command.ts';
import { numberFlag, textFlag } from '../command.ts';
import { engineFlag } from '../engine-flag.ts';
import { interruptible } from '../interruptible.ts';
import { withData } from '../native-data.ts';
import { openPipeline, Refused } from '../open-file.ts';
import { print, printError } from '../output.ts';
import { report } from '../report.ts';
import { UsageError } from '../usage-error.ts';

export const train: Command['run'] = async ({ files: [file], flags }) => {
  const isJson = flags.json === true;
  const chosen = await openPipeline(file!, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) {
    tell(chosen.diagnostics, chosen.sources, isJson);
    return chosen.exitCode;
  }
  const { sources } = chosen.file;
  const save = textFlag(flags, 'save');
  const kept = textFlag(flags, 'checkpoint');
  const interruption = interruptible({ keeps: save !== undefined || kept !== undefined });
  try {
    const pipeline = await withData(chosen);
    const run = startTraining(pipeline, {
      ...optionsOf(flags),
      name: chosen.name,
      compiled: chosen.compiled,
      hooks: [...checkpoints(flags), ...(isJson ? [] : [progress()])],
      signal: interruption.signal,
    });
    if (isJson) run.events$.subscribe((event) => print(JSON.stringify(eventJson(event))));
    const ended = await run.finished.catch((error: unknown) => ({ error }));
    // What was learned before a failure is not lost.
    if (save !== undefined && run.model) await saveModel(run.model, save, 'error' in ended);
    run.model?.dispose();
    if ('error' in ended) throw ended.error;
    return ended.outcome === 'finished' ? 0 : interruption.exitCode;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    // With --json a failed run has said so in its terminal event; what fails before or after it has not.
    report(error.diagnostics, sources);
    return 1;
  } finally {
    interruption.end();
  }
};

/** After a failure, that the model cannot be saved does not hide what the run failed of. */
async function saveModel(model: Model, directory: string, hasFailed: boolean): Promise<void> {
  try {
    await model.save(directory);
    if (hasFailed) printError(`the model as it was before the failure is in ${directory}`);
  } catch (error) {
    if (!hasFailed || !(error instanceof DiagnosticError)) throw error;
    report(error.diagnostics, new Map());
  }
}

function checkpoints(flags: Given): readonly Hook[] {
  const directory = textFlag(flags, 'checkpoint');
  if (directory === undefined) {
    const lacking = ['every', 'keep', 'resume', 'fresh'].find((name) => flags[name] !== undefined);
    if (lacking !== undefined) throw new UsageError(`--${lacking} needs --checkpoint DIR`, 'train');
    return [];
  }
  if (flags.resume === true && flags.fresh === true)
    throw new UsageError('--resume or --fresh, not both', 'train');
  const every = numberFlag(flags, 'every');
  const keep = numberFlag(flags, 'keep');
  return [
    checkpoint(directory, {
      ...(every !== undefined && { every: [every, 'steps'] as const }),
      ...(keep !== undefined && { keep }),
      fresh: flags.fresh === true,
    }),
  ];
}

function optionsOf(flags: Given): TrainOptions {
  const epochs = numberFlag(flags, 'epochs');
  const steps = numberFlag(flags, 'steps');
  const seed = numberFlag(flags, 'seed');
  const threads = numberFlag(flags, 'threads');
  return {
    ...engineFlag(flags),
    ...(epochs !== undefined && { epochs }),
    ...(steps !== undefined && { steps }),
    ...(seed !== undefined && { seed }),
    ...(threads !== undefined && { threads }),
    ...(flags.resume === true && { resume: true }),
  };
}

/** An event as it stands, its diagnostics in the form that `check --json` prints. */
function eventJson(event: RunEvent): object {
  if (!('error' in event)) return event;
  const { error } = event;
  const others = event.type === 'runFailed' ? event.others : undefined;
  return {
    ...event,
    error: toJson(error, fileName),
    ...(others && { others: others.map((other) => toJson(other, fileName)) }),
  };
}

/** A run that cannot begin has failed, too: with --json its only event is the terminal one. */
function tell(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  isJson: boolean,
): void {
  const [first, ...others] = diagnostics;
  if (!isJson || !first) report(diagnostics, sources);
  else {
    const common = { type: 'runFailed', number: 1, time: Date.now(), step: 0, epoch: 0 } as const;
    print(JSON.stringify(eventJson({ ...common, error: first, ...(others.length > 0 && { others }) })));
  }
}
