/** `millrace train FILE [--epochs N] [--steps N] [--seed N] [--engine …] [--threads N] [--save DIR] [--json]` */

import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { fileName } from '../../compiler/diagnostics/files.ts';
import { toJson } from '../../compiler/diagnostics/render.ts';
import type { Hook, RunEvent, TrainOptions } from '../../runtime/index.ts';
import { progress, train as startTraining } from '../../runtime/index.ts';
import type { Command, Given } from '../command.ts';
import { numberFlag, textFlag } from '../command.ts';
import { engineFlag } from '../engine-flag.ts';
import { interruptible } from '../interruptible.ts';
import { withData } from '../native-data.ts';
import { openPipeline, Refused } from '../open-file.ts';
import { print } from '../output.ts';
import { report } from '../report.ts';

export const train: Command['run'] = async ({ files: [file], flags }) => {
  const isJson = flags.json === true;
  const chosen = await openPipeline(file!, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) {
    tell(chosen.diagnostics, chosen.sources, isJson);
    return chosen.exitCode;
  }
  const { sources } = chosen.file;
  const interruption = interruptible();
  try {
    const pipeline = await withData(chosen);
    const hooks: readonly Hook[] = isJson ? [] : [progress()];
    const run = startTraining(pipeline, {
      ...optionsOf(flags),
      name: chosen.name,
      compiled: chosen.compiled,
      hooks,
      signal: interruption.signal,
    });
    if (isJson) run.events$.subscribe((event) => print(JSON.stringify(eventJson(event))));
    const { model, outcome } = await run.finished;
    const directory = textFlag(flags, 'save');
    if (directory !== undefined) await model.save(directory);
    model.dispose();
    return outcome === 'finished' ? 0 : 130;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    // With --json a failed run has said so in its terminal event; what fails before or after it has not.
    report(error.diagnostics, sources);
    return 1;
  } finally {
    interruption.end();
  }
};

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
  };
}

/** An event as it stands, its diagnostics in the form that `check --json` prints. */
function eventJson(event: RunEvent): object {
  if (event.type !== 'runFailed') return event;
  const { error, others } = event;
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
