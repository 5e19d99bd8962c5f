/** Shows how training goes: a bar that moves on a terminal, one line an epoch elsewhere. */
import type { DataFitted, Evaluation, RunEvent } from '../events/event.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { defineHookKind } from './define-hook.ts';
import { bar, durationText, numberText } from './progress-text.ts';

/** Where progress is written: a stream of the process, or anything alike. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** Default: the standard output. */
  readonly output?: ProgressOutput | undefined;
  /** Default: the process's; `NO_COLOR` turns colour off, `CI` the moving bar. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface ProgressState {
  readonly epochs: number | undefined;
  readonly steps: number | undefined;
  /** Batches of the present epoch, where known. */
  readonly batches: number | undefined;
  readonly runStart: number;
  readonly epochStart: number;
  /** Steps before the present epoch. */
  readonly stepsBefore: number;
  readonly rows: number;
  readonly drawn: number;
}

const start: ProgressState = {
  epochs: undefined,
  steps: undefined,
  batches: undefined,
  runStart: 0,
  epochStart: 0,
  stepsBefore: 0,
  rows: 0,
  drawn: 0,
};

/** Milliseconds between two drawings of the bar. */
const interval = 80;

/** Elsewhere than on a terminal, an epoch without a known end says how it goes this often, in milliseconds. */
const lineInterval = 10_000;

/** Writes how a run goes. On a terminal a bar moves; elsewhere there is a line for each epoch. */
export const progress = defineHookKind(
  'progress',
  (options: ProgressOptions = {}) => {
    checkOptions('progress', options, { output: rule.object, environment: rule.object });
    const { output = process.stdout, environment = process.env } = options;
    const moving = output.isTTY === true && !environment.CI;
    const colour = moving && !environment.NO_COLOR && environment.TERM !== 'dumb';
    const painted = (code: number, text: string): string =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
    const line = (text: string): void => {
      output.write(`${moving ? '\r\u001b[2K' : ''}${text}\n`);
    };
    const draw = (text: string): void => {
      // A line that wraps could not be drawn over.
      output.write(`\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}`);
    };

    const on = (state: ProgressState, event: RunEvent): { state: ProgressState } | undefined => {
      switch (event.type) {
        case 'runStarted':
          line(
            `training ${event.pipeline} on ${event.engine}, seed ${event.seed}${event.again ? ', anew: { from: model } would go on' : ''}`,
          );
          return { state: { ...start, epochs: event.epochs, steps: event.steps, runStart: event.time } };
        case 'runResumed': {
          const { pipeline, engine, from, step, epoch, fresh, unused } = event;
          line(
            `training ${pipeline} on ${engine}, going on from ${from ?? 'a model'} at step ${step}, epoch ${epoch}`,
          );
          if (fresh.length > 0) line(painted(33, `begins anew: ${fresh.join(', ')}`));
          if (unused.length > 0) line(painted(33, `not used any more: ${unused.join(', ')}`));
          const { time } = event;
          const began = { runStart: time, epochStart: time, drawn: time, stepsBefore: step, rows: 0 };
          return { state: { ...start, ...state, ...began, epochs: event.epochs, steps: event.steps } };
        }
        case 'checkpointFailed':
          line(painted(33, `no checkpoint: ${event.error.message}`));
          return undefined;
        case 'checkpointDamaged':
          line(painted(33, `passed over ${event.generation}: ${event.reason}`));
          return undefined;
        case 'dataFitted':
          line(fittedText(event));
          return undefined;
        case 'epochStarted': {
          const { time, step, batches } = event;
          return { state: { ...state, batches, epochStart: time, drawn: time, stepsBefore: step, rows: 0 } };
        }
        case 'batchFinished': {
          const next = { ...state, rows: state.rows + event.size };
          if (event.time - state.drawn < (moving ? interval : lineInterval)) return { state: next };
          (moving ? draw : line)(running(next, event));
          return { state: { ...next, drawn: event.time } };
        }
        case 'epochFinished': {
          const took = event.time - state.epochStart;
          line(
            `${head(state, event)}  ${outcomeText(event)}  ${rate(state.rows, took)}  ${durationText(took)}`,
          );
          return undefined;
        }
        case 'recordRejected':
          line(painted(33, `${event.count} rows dropped (${event.reason}), ${event.total} in all`));
          return undefined;
        case 'runFinished':
          line(
            painted(
              32,
              `finished (${event.reason}) after ${event.epochs} epochs, ${event.steps} steps, ${durationText(event.time - state.runStart)}: ${outcomeText(event)}`,
            ),
          );
          return undefined;
        case 'runCancelled':
          line(painted(33, `cancelled after ${event.step} steps: ${event.reason}`));
          return undefined;
        case 'runFailed':
          line(painted(31, `failed at step ${event.step}: ${event.error.code} ${event.error.message}`));
          return undefined;
        default:
          return undefined;
      }
    };
    return {
      initialState: start,
      events: [
        'runStarted',
        'runResumed',
        'checkpointFailed',
        'checkpointDamaged',
        'dataFitted',
        'epochStarted',
        'batchFinished',
        'epochFinished',
        'recordRejected',
        'runFinished',
        'runCancelled',
        'runFailed',
      ],
      on,
    };
  },
  {
    examples: [
      [{ output: { write: () => true }, environment: {} }],
      [{ output: { isTTY: true, columns: 40, write: () => true }, environment: {} }],
    ],
  },
);

function head({ epochs }: ProgressState, { epoch }: RunEvent): string {
  return `epoch ${epoch}${epochs === undefined ? '' : `/${epochs}`}`;
}

function running(state: ProgressState, event: RunEvent & Evaluation): string {
  const { batches, stepsBefore, epochStart, runStart } = state;
  const done = event.step - stepsBefore;
  const took = event.time - epochStart;
  const total = totalSteps(state);
  const left =
    total === undefined
      ? ''
      : `  ${durationText(((total - event.step) * (event.time - runStart)) / event.step)} left`;
  const part = batches === undefined ? `step ${event.step}` : `${bar(done / batches, 20)} ${done}/${batches}`;
  return `${head(state, event)}  ${part}  ${evaluationText(event)}  ${rate(state.rows, took)}${left}`;
}

function fittedText({ rows, vocabularies }: DataFitted): string {
  const words = Object.entries(vocabularies).map(([column, size]) => `, ${size} words of ${column}`);
  return `fitted to ${rows} rows${words.join('')}`;
}

function totalSteps({ batches, epochs, steps }: ProgressState): number | undefined {
  const byEpochs =
    batches === undefined || epochs === undefined ? Number.POSITIVE_INFINITY : batches * epochs;
  const total = Math.min(byEpochs, steps ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(total) ? total : undefined;
}

function evaluationText({ loss, metrics }: Evaluation): string {
  return Object.entries({ loss, ...metrics })
    .map(([name, value]) => `${name} ${numberText(value)}`)
    .join('  ');
}

/** How training and, where there is data for it, validation went. */
function outcomeText(outcome: Evaluation & { readonly validation?: Evaluation }): string {
  const { validation } = outcome;
  return `${evaluationText(outcome)}${validation ? `  validation ${evaluationText(validation)}` : ''}`;
}

function rate(rows: number, milliseconds: number): string {
  return `${Math.round((rows / Math.max(1, milliseconds)) * 1000).toLocaleString('en')} rows/s`;
}
