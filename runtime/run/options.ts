/** What a run may be told, and what it is told when nothing is said. */
import type { Compiled } from '../../compiler/compile.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { valueText } from '../data/value-text.ts';
import type { EngineChoice } from '../engines/choose.ts';
import type { Hook } from '../hooks/define-hook.ts';

/** Tells the time of events, in milliseconds since 1970. */
export interface Clock {
  now(): number;
}

export interface TrainOptions {
  /** How many times to go through the data. Default 1; without end when only `steps` is given. */
  readonly epochs?: number;
  /** How many batches to train on at most, over all epochs. */
  readonly steps?: number;
  /**
   * What all randomness is drawn from: initial weights, dropout, shuffling, splitting. A whole number from 0 to
   * 2⁵³ − 1, default 0: two runs of one program are the same unless told otherwise.
   */
  readonly seed?: number;
  /** Default `wasm`. */
  readonly engine?: EngineChoice;
  /**
   * How many threads the wasm engine runs a step on; 0 and 1 are the program's own. The same bytes come out for any
   * number. Default `'auto'`: up to four, where a step is long enough to be worth it.
   */
  readonly threads?: number | 'auto';
  /** Heard in this order. */
  readonly hooks?: readonly Hook[];
  /** Aborting it cancels the run at the next batch boundary. */
  readonly signal?: AbortSignal;
  /** Evaluates on the validation data after every so many epochs. Default 1. */
  readonly evaluateEvery?: number;
  /** Fails the run when the loss is no number. Default true. */
  readonly nanGuard?: boolean;
  /** What the pipeline is called in events and saved models. Default `pipeline`. */
  readonly name?: string;
  /** The pipeline as it was compiled before, to be used instead of compiling it again. */
  readonly compiled?: Compiled;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly epochs: number;
  readonly steps: number;
  readonly seed: number;
  readonly evaluateEvery: number;
  readonly clock: Clock;
}

export const defaultSeed = 0;

export function settingsOf(options: TrainOptions): Settings {
  const { steps, seed = defaultSeed, evaluateEvery = 1, clock = Date } = options;
  const epochs = options.epochs ?? (steps === undefined ? 1 : Number.POSITIVE_INFINITY);
  checkOption(
    'epochs',
    epochs,
    'a whole number, 0 or more',
    isCount(epochs) || epochs === Number.POSITIVE_INFINITY,
  );
  checkOption('steps', steps, 'a whole number, 0 or more', steps === undefined || isCount(steps));
  checkSeed(seed);
  checkOption(
    'evaluateEvery',
    evaluateEvery,
    'a whole number of epochs',
    isCount(evaluateEvery) && evaluateEvery > 0,
  );
  return { epochs, steps: steps ?? Number.POSITIVE_INFINITY, seed, evaluateEvery, clock };
}

export function checkSeed(seed: unknown): void {
  checkOption('seed', seed, 'a whole number from 0 to 2^53 - 1', isCount(seed));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkOption(name: string, value: unknown, expected: string, fits: boolean): void {
  if (fits) return;
  refuse(
    RUN801({
      message: `${name} is not what it must be`,
      span: nowhere,
      expected,
      received: valueText(value),
    }),
  );
}
