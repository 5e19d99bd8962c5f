/** What a run may be told, and what it is told when nothing is said. */
import type { Compiled } from '../../compiler/compile.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { EngineChoice } from '../engines/choose.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { Model } from '../model/model.ts';
import type { OptionRules } from './check-options.ts';
import { checkOptions, rule } from './check-options.ts';

/** Tells the time of events, in milliseconds since 1970. */
export interface Clock {
  now(): number;
}

export interface TrainOptions {
  /** How many times to go through the data. Default 1; without end when only `steps` is given. */
  readonly epochs?: number | undefined;
  /** How many batches to train on at most, over all epochs. */
  readonly steps?: number | undefined;
  /**
   * What all randomness is drawn from: initial weights, dropout, shuffling, splitting. A whole number from 0 to
   * 2⁵³ − 1, default 0: two runs of one program are the same unless told otherwise.
   */
  readonly seed?: number | undefined;
  /** Default `wasm`. */
  readonly engine?: EngineChoice | undefined;
  /**
   * How many threads the wasm engine runs a step on; 0 and 1 are the program's own. The same bytes come out for any
   * number. Default `'auto'`: up to four, where a step is long enough to be worth it.
   */
  readonly threads?: number | 'auto' | undefined;
  /** Heard in this order. */
  readonly hooks?: readonly Hook[] | undefined;
  /**
   * Goes on from the newest checkpoint that is whole: in the directory of the hook `checkpoint`, or in another one. Weights, slots,
   * sums, positions of the data and what hooks know are taken up, so that the end is the same to the byte as if nothing had
   * happened; where the program has changed, what still fits. Where there is no checkpoint yet, training begins. Default false.
   */
  readonly resume?: boolean | string | URL | undefined;
  /** Begins with what a model has learned, and its optimizer's slots and step: one in memory, or the directory of one. */
  readonly from?: Model | string | URL | undefined;
  /** Aborting it cancels the run at the next batch boundary. */
  readonly signal?: AbortSignal | undefined;
  /** Evaluates on the validation data after every so many epochs. Default 1. */
  readonly evaluateEvery?: number | undefined;
  /**
   * Looks at the loss of each step, and fails the run when it is no number; the hook of this name says what else to do. Default
   * true, unless the hook is there.
   */
  readonly nanGuard?: boolean | undefined;
  /** What the pipeline is called in events and saved models. Default `pipeline`. */
  readonly name?: string | undefined;
  /** The pipeline as it was compiled before, to be used instead of compiling it again. */
  readonly compiled?: Compiled | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly epochs: number;
  readonly steps: number;
  readonly seed: number;
  readonly evaluateEvery: number;
  readonly clock: Clock;
  readonly resume: boolean | string | URL;
  readonly from: Model | string | URL | undefined;
}

export const defaultSeed = 0;

const rules: OptionRules<TrainOptions> = {
  epochs: {
    expected: 'a whole number of epochs, 0 or more',
    fits: (epochs) => rule.count('').fits(epochs) || epochs === Number.POSITIVE_INFINITY,
  },
  steps: rule.count('of batches'),
  seed: rule.seed,
  engine: rule.any,
  threads: rule.any,
  hooks: {
    expected: 'a list of hooks',
    fits: (hooks) => Array.isArray(hooks) && hooks.every(isHook),
    hint: 'hooks: [earlyStopping()]',
  },
  resume: {
    expected: 'true, or a directory of checkpoints',
    fits: (resume) => typeof resume === 'boolean' || isPlace(resume),
  },
  from: {
    expected: 'a model, or the directory of one',
    fits: (from) => from instanceof Model || isPlace(from),
  },
  signal: rule.signal,
  evaluateEvery: rule.positive('of epochs'),
  nanGuard: rule.flag,
  name: rule.text,
  compiled: rule.object,
  clock: rule.object,
};

function isPlace(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || value instanceof URL;
}

function isHook(value: unknown): boolean {
  const { name, on } = (value ?? {}) as Partial<Hook>;
  return typeof name === 'string' && typeof on === 'function';
}

export function settingsOf(options: TrainOptions): Settings {
  checkOptions('train', options, rules);
  const { steps, seed = defaultSeed, evaluateEvery = 1, clock = Date, resume = false, from } = options;
  if (resume === true && !options.hooks?.some(({ checkpoints }) => checkpoints)) refuseResume();
  if (resume !== false && from !== undefined) refuseBoth();
  const epochs = options.epochs ?? (steps === undefined ? 1 : Number.POSITIVE_INFINITY);
  return { epochs, steps: steps ?? Number.POSITIVE_INFINITY, seed, evaluateEvery, clock, resume, from };
}

function refuseResume(): never {
  return refuse(
    RUN801({
      message: 'resume: true goes on from the directory of a hook checkpoint, and there is none',
      span: siteSpan(),
      expected: 'the hook, or the directory',
      received: 'no hook checkpoint',
      hint: "hooks: [checkpoint('runs/power')], resume: true; or resume: 'runs/power'",
    }),
  );
}

function refuseBoth(): never {
  return refuse(
    RUN801({
      message: 'a run cannot go on from a checkpoint and from a model',
      span: siteSpan(),
      expected: 'resume or from',
      received: 'both',
    }),
  );
}
