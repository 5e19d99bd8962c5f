/** `millrace serve [FILE] [--train] [--model DIR] --port N [--host H] [--checkpoint DIR]`: answers rows over HTTP until it is told to end. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Run, ServeOptions } from '../../runtime/index.ts';
import { checkpoint, progress, publish, serve as startServer, train } from '../../runtime/index.ts';
import type { Command, Given } from '../command.ts';
import { numberFlag, textFlag } from '../command.ts';
import { engineFlag } from '../engine-flag.ts';
import type { ExitCode } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { withData } from '../native-data.ts';
import type { Chosen } from '../open-file.ts';
import { openPipeline, Refused } from '../open-file.ts';
import { print, printError } from '../output.ts';
import { report, reportRefused } from '../report.ts';
import { programOf } from '../same-program.ts';
import { UsageError } from '../usage-error.ts';

/** Flags that say how to train. */
const ofTraining = ['checkpoint', 'epochs', 'seed', 'threads'];

export const serve: Command['run'] = async ({ files, flags }) => {
  const directory = textFlag(flags, 'model');
  const trains = flags.train === true;
  checkFlags(files, flags, directory);
  const [file = ''] = files;
  const chosen = trains
    ? await openPipeline(file, textFlag(flags, 'pipeline'))
    : await programOf(files, flags);
  if (chosen instanceof Refused) return reportRefused(chosen);
  const { signal, end } = interruptible();
  try {
    if (!trains || !chosen)
      return await answerUntil(signal, { ...address(flags), ...engineFlag(flags), directory });
    const run = await startTraining(chosen, flags);
    return await answerWhileTraining(signal, run, address(flags));
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    report(error.diagnostics, chosen?.file.sources ?? new Map());
    return 1;
  } finally {
    end();
  }
};

function checkFlags(files: readonly string[], flags: Given, directory: string | undefined): void {
  if (flags.train === true) {
    if (files.length === 0) throw new UsageError('--train needs the program: FILE', 'serve');
    if (directory !== undefined) throw new UsageError('--train or --model DIR, not both', 'serve');
    return;
  }
  if (directory === undefined)
    throw new UsageError('what is to be served? FILE --train, or --model DIR', 'serve');
  const lost = ofTraining.find((name) => flags[name] !== undefined);
  if (lost !== undefined) throw new UsageError(`--${lost} needs --train`, 'serve');
}

function address(flags: Given): Pick<ServeOptions, 'host' | 'port' | 'log'> {
  return { host: textFlag(flags, 'host'), port: numberFlag(flags, 'port'), log: printError };
}

/** Answers until the signal, and then what was asked before. */
async function answerUntil(signal: AbortSignal, options: ServeOptions): Promise<ExitCode> {
  const server = await startServer(options);
  print(`listening on ${server.address}`);
  await aborted(signal);
  await server.close();
  return 0;
}

async function startTraining(chosen: Chosen, flags: Given): Promise<Run> {
  const directory = textFlag(flags, 'checkpoint');
  const run = train(await withData(chosen), {
    ...engineFlag(flags),
    epochs: numberFlag(flags, 'epochs'),
    seed: numberFlag(flags, 'seed'),
    threads: numberFlag(flags, 'threads'),
    name: chosen.name,
    compiled: chosen.compiled,
    hooks: [
      publish(),
      progress({ output: process.stderr }),
      ...(directory === undefined ? [] : [checkpoint(directory)]),
    ],
    resume: directory !== undefined,
  });
  return run;
}

/** A run that fails takes the server with it: whoever watches over the process starts it again, from the last checkpoint. */
async function answerWhileTraining(
  signal: AbortSignal,
  run: Run,
  options: Pick<ServeOptions, 'host' | 'port' | 'log'>,
): Promise<ExitCode> {
  const server = await startServer({ ...options, run });
  print(`listening on ${server.address}`);
  const failed = run.finished.then(
    ({ steps }) => {
      if (!signal.aborted) printError(`training has ended after ${steps} steps, and what it left goes on`);
      return new Promise<never>(() => {});
    },
    (error: unknown) => ({ error }),
  );
  const failure = await Promise.race([aborted(signal), failed]);
  run.cancel(saying(signal.reason));
  const ended = run.finished.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  await server.close();
  const { error } = failure ?? (await ended) ?? {};
  if (error !== undefined) throw error;
  return 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
