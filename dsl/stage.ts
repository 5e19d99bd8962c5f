/** Stages of a dataset: what describes one, and the card that carries it out: rows in, rows out, and a state that can be kept. */
import type { Schema } from './column.ts';

/** What a cursor gives when there are no more rows. A row may be anything else, `undefined` included. */
export const endOfRows: unique symbol = Symbol('end of rows');

/**
 * Values that can be written down and read back: null, undefined, booleans, numbers (NaN and the infinities too), bigints,
 * text, dates, typed arrays, and lists and records of these. It is checked when it is written, not by the type.
 */
export type PlainData = unknown;

/** Rows one at a time and on demand: nothing is asked for before it is needed. */
export interface Cursor<State = PlainData> {
  /** The next row or `endOfRows`: at once where it is there already, else a promise of it. Never called while one is pending. */
  next(): unknown;
  /**
   * Plain data from which the rows after the last one given can be gone on with; one that is pending is not given yet. Asked
   * for at the beginning of a turn of the event loop, when no promise has been kept that nobody has seen, and after `close`.
   */
  state(): State;
  /** Ends the rows: a `next` that is pending gives the end. */
  close(): void;
}

/** Opens the rows of an epoch, counted from 0: at their beginning, or where a state was kept. */
export type OpenCursor = (epoch: number, from?: PlainData) => Cursor;

/** Why rows that came are not given on. */
export type RejectionReason =
  | 'overflow'
  | 'invalid'
  | 'late'
  | 'duplicate'
  | 'sampled'
  | 'debounced'
  | 'unmatched'
  | 'cancelled';

/** What a stage is given when its rows are opened. */
export interface StageContext<Args = unknown, State = PlainData> {
  readonly args: Args;
  /** Of the rows that it gives. */
  readonly schema: Schema;
  /** From 0. */
  readonly epoch: number;
  /** What `state` gave, where the rows are to be gone on with; undefined at their beginning. */
  readonly from: State | undefined;
  /** The rows that the stage is applied to. A source has none. */
  readonly open: OpenCursor;
  /** Those of all its parents, where there are several. */
  readonly upstream: readonly OpenCursor[];
  /** Whether those can be read again. */
  readonly replay: Replay;
  /** What its random choices are keyed by, the epoch left out: the same in every run with the same seed. */
  readonly key: readonly number[];
  /** The same map for every epoch of a run: what a stage keeps in memory from one to the next. */
  readonly memory: Map<string, unknown>;
  /** To be awaited, where it gives a promise, in every loop that reads rows without giving one: others want to run, too. */
  rest(): Promise<void> | undefined;
  /** Milliseconds since 1970, by the run's clock. */
  now(): number;
  /** Counts rows that are not given on; the run tells of them. */
  reject(reason: RejectionReason, rows: number): void;
  /**
   * How many rows a stage holds that were read and not given yet, to be counted when the run ends. `isPushed` is said by
   * sources that cannot be made to wait: such data may never end.
   */
  holds(waiting: () => number, isPushed?: boolean): void;
  /** For sources: `settling` is called when a checkpoint is taken, and what it gives once that is durable. */
  whenDurable(settling: () => () => void | Promise<void>): void;
}

/** What the laws of a stage try it on. */
export interface StageExample<Args = unknown> {
  readonly args: Args;
  /** The rows of each dataset that the stage is applied to. */
  readonly rows: readonly (readonly unknown[])[];
  /** The rows that it gives; left out where they hang on random choices. */
  readonly gives?: readonly unknown[];
  /** How many rows it holds at most that were read and not given. Default 1. */
  readonly holds?: number;
  /** Whether rows are given as they are done, in whatever order. Default false. */
  readonly unordered?: boolean;
}

/** How a stage is carried out. */
export interface StageCard<Args = never, State = PlainData> {
  readonly name: string;
  readonly examples?: readonly StageExample[];
  /** Gives a reason, in words, why arguments will not do: `a whole number of rows`. Asked before anything is read. */
  check?(args: Args): string | undefined;
  open(context: StageContext<Args, State>): Cursor<State>;
}

/**
 * Whether the rows of a stage can be read again. `seek`: from any position, at once. `reread`: from the beginning, so that a
 * position costs reading up to it. `once`: never; what was on its way when a process died is lost.
 */
export type Replay = 'seek' | 'reread' | 'once' | 'unknown';

/** One stage of a dataset, described. Built-in stages are known to the runtime by name; one's own carry their card. */
export interface Stage {
  readonly name: string;
  readonly card?: StageCard;
  readonly parents: readonly Stage[];
  readonly args: Readonly<Record<string, unknown>>;
  /** Of the rows that it gives. */
  readonly schema: Schema;
  /** Whether its rows end for certain. */
  readonly bounded: boolean;
  readonly replay: Replay;
}

/** A stage of one's own with its arguments, to be put into a dataset: `rows.through(everyOther({ from: 1 }))`. */
export interface StageUse {
  readonly card: StageCard;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * Defines a stage of one's own:
 *
 * ```ts
 * const everyOther = defineStage<{ from: number }, { place: number; rows: unknown }>({
 *   name: 'everyOther',
 *   open({ args, epoch, from, open }) {
 *     const rows = open(epoch, from?.rows);
 *     let place = from?.place ?? 0;
 *     …
 *     return { next, state: () => ({ place, rows: rows.state() }), close: () => rows.close() };
 *   },
 *   examples: [{ args: { from: 1 }, rows: [[{ x: 1 }, { x: 2 }]], gives: [{ x: 2 }] }],
 * });
 * data.through(everyOther({ from: 1 }))
 * ```
 *
 * `stageCursor` makes such a cursor of less. The laws of `millrace/laws` try the examples.
 */
export function defineStage<Args extends object, State>(
  card: StageCard<Args, State> & { readonly examples?: readonly StageExample<NoInfer<Args>>[] },
): ((args: Args) => StageUse) & { readonly card: StageCard<Args, State> } {
  const use = (args: Args): StageUse => ({
    // Whoever opens the stage hands it the arguments and the states that are its own.
    card: card as StageCard as never,
    args: args as Readonly<Record<string, unknown>>,
  });
  return Object.assign(use, { card });
}

/** A stage over others: its rows end when all of theirs do, and can be read again as theirs can, unless it is said otherwise. */
export function stageOf(
  name: string,
  parents: readonly Stage[],
  args: Readonly<Record<string, unknown>>,
  schema: Schema,
  bounded: boolean = parents.every((parent) => parent.bounded),
): Stage {
  return { name, parents, args, schema, bounded, replay: weakest(parents.map(({ replay }) => replay)) };
}

const strength: readonly Replay[] = ['once', 'unknown', 'reread', 'seek'];

function weakest(replays: readonly Replay[]): Replay {
  return strength.find((replay) => replays.includes(replay)) ?? 'seek';
}
