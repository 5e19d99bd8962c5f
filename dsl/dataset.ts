/** Datasets as descriptions: where rows come from and what is done to them. Nothing is read before a run. */
import type { Column, Columns, Row, Schema } from './column.ts';
import { allowNotFinite } from './column.ts';
import { HostReference } from './host-reference.ts';
import type { BadRow, RowOptions } from './row-options.ts';
import { RowStages } from './row-stages.ts';
import type { Spool } from './spool.ts';
import type { PlainData, Replay, Stage, StageUse } from './stage.ts';
import { stageOf } from './stage.ts';
import type { StandardSchema } from './standard-schema.ts';
import type { Shape } from './tensor.ts';

/** What a source that cannot be paused does when its consumer is slower. */
export type Overflow = 'block' | 'dropOldest' | 'dropNewest' | 'latest' | 'sample' | 'error';

/** The bound of a data edge. */
export interface Edge {
  /** How many rows may wait in memory. */
  readonly capacity?: number | undefined;
  /** Or `spool(directory)`: rows wait on the disk, and none is lost. */
  readonly overflow?: Overflow | Spool | undefined;
}

/** How text is cut into fields. */
export interface CsvFormat {
  /** Default `,`. */
  readonly delimiter?: string | undefined;
  /** False when the first line is data: columns are then taken in the schema's order. Default true. */
  readonly header?: boolean | undefined;
}

export interface CsvOptions<S extends Schema = Schema> extends RowOptions<S>, CsvFormat {
  /** Reads the file while training, in pieces, rather than into memory first: for files larger than that. Default false. */
  readonly stream?: boolean | undefined;
}

/** A subscribable source, as rxjs and others make them. */
export interface Subscribable<T> {
  subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

/** A row, and the position after it: plain data from which the rows that follow can be read again. */
export interface Positioned<T, Position = PlainData> {
  /** Or `new BadRow(text, reason)` where it cannot be made out. */
  readonly row: T | BadRow;
  readonly position: Position;
  /** Where it stands, for messages: `readings.jsonl:12`. Default: its number. */
  readonly place?: string | undefined;
}

/** A source that can be read from any position: files, logs, brokers. Such a source loses and repeats nothing, whatever crashes. */
export interface ReplayableSource<T, Position = PlainData> {
  /** The rows after a position, or all of them where none is given. */
  open(
    position: Position | undefined,
  ): AsyncIterable<Positioned<T, Position>> | Iterable<Positioned<T, Position>>;
  /** Told the position up to which rows have taken effect for good: when the checkpoint that holds it is on the disk. */
  acknowledge?(position: Position): void | Promise<void>;
}

/** What `from` takes: pulled (iterables), pushed (subscribables), or readable from any position. */
export type Source<T> =
  | Subscribable<T | BadRow>
  | AsyncIterable<T | BadRow>
  | Iterable<T | BadRow>
  | ReplayableSource<T>;

/** How a function on rows is called. */
export interface MapOptions {
  /** How many calls of an async function may be under way at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** False gives rows on as they are done; default true: in the order in which they came. */
  readonly ordered?: boolean | undefined;
}

/** What a function on rows may ask beside the row. */
export interface RowContext {
  /** The place of the row in this epoch, from 0. */
  readonly index: number;
  /** From 0. */
  readonly epoch: number;
  /** A number in [0, 1): another with each call, the same in every run with the same seed, after a resume too. */
  random(): number;
}

/** Rows under a schema. Immutable: each method describes a new dataset. */
export class Dataset<S extends Schema = Schema> extends RowStages<S> {
  /**
   * Puts rows in random order, anew each epoch. A dataset of known length is permuted whole; a stream is
   * shuffled through a buffer of `buffer` rows.
   */
  shuffle(options: { readonly seed?: number; readonly buffer?: number } = {}): Dataset<S> {
    return this.followedBy('shuffle', { seed: options.seed, buffer: options.buffer ?? 1024 });
  }

  /** The first `count` rows. */
  take(count: number): Dataset<S> {
    return this.followedBy('take', { count }, true);
  }

  /** All but the first `count` rows. */
  skip(count: number): Dataset<S> {
    return this.followedBy('skip', { count });
  }

  /** The rows over and over: `times` times, or without end. */
  repeat(times: number = Number.POSITIVE_INFINITY): Dataset<S> {
    return this.followedBy('repeat', { times }, Number.isFinite(times) && this.stage.bounded);
  }

  /**
   * Rows under another schema, computed from each row by host code: anew in every epoch, unless `cache` follows. The function
   * may be async. What it draws from `context.random` is the same in every run with the same seed.
   */
  map<const T extends Schema>(
    schema: T,
    map: (row: Row<S>, context: RowContext) => Row<T> | Promise<Row<T>>,
    options: MapOptions = {},
  ): Dataset<T> {
    return new Dataset(schema, stageOf('map', [this.stage], { map, ...options }, schema));
  }

  /** The same rows, read and computed once and kept in memory for all epochs after the first. */
  cache(): Dataset<S> {
    return this.followedBy('cache', {});
  }

  /** The rows that host code says yes to. Of rows in memory, each is asked about once. */
  filter(filter: (row: Row<S>) => boolean): Dataset<S> {
    return this.followedBy('filter', { filter });
  }

  /** The rows that a stage of one's own makes of these, under the same schema or another. */
  through(use: StageUse): Dataset<S>;
  through<const T extends Schema>(use: StageUse, schema: T): Dataset<T>;
  through(use: StageUse, schema: Schema = this.schema): Dataset {
    const stage = stageOf(use.card.name, [this.stage], use.args, schema);
    return new Dataset(schema, { ...stage, card: use.card });
  }

  /** Batches of `size` rows; the last one may be smaller unless `dropRemainder`. */
  batch(size: number, options: BatchOptions = {}): Batches<S> {
    return new Batches(this, size, options);
  }

  /** The same, where columns are sequences: each batch as long as its longest row, rounded up to one of `lengths`. */
  paddedBatch(size: number, options: BatchOptions = {}): Batches<S> {
    return this.batch(size, options);
  }

  /**
   * Batches of rows that are about as long as each other: a row waits until `size` rows have come whose lengths come under the
   * same of `lengths`. What waits at the end of an epoch is given together. At most `size` rows wait for each length.
   */
  bucketBatch(size: number, options: BucketBatchOptions<S> = {}): Batches<S> {
    const { by, ...batching } = options;
    const known = paddedLengths(this.schema, options.lengths);
    const buffer = size * (known.length + 1);
    // Values of the run stand for themselves until then.
    const lengths = options.lengths instanceof HostReference ? options.lengths : known;
    return this.followedBy('bucket', { size, by, lengths, buffer }).batch(size, batching);
  }

  protected override described<T extends Schema>(schema: T, stage: Stage): Dataset<T> {
    return new Dataset(schema, stage);
  }

  private followedBy(
    name: string,
    args: Readonly<Record<string, unknown>>,
    bounded: boolean = this.stage.bounded,
  ): Dataset<S> {
    return new Dataset(this.schema, stageOf(name, [this.stage], args, this.schema, bounded));
  }
}

/** The rows of a source, described: the runtime knows it by name. Where NaN stands for what is missing, real columns take it. */
export function sourceOf<S extends Schema>(
  name: string,
  args: Readonly<Record<string, unknown>>,
  schema: S,
  bounded: boolean,
  replay: Replay,
): Dataset<S> {
  const missingIsNaN = Object.values(args).some((options) => Object(options).missing === 'nan');
  const columns = missingIsNaN ? takingNaN(schema) : schema;
  return new Dataset(columns, { name, parents: [], args, schema: columns, bounded, replay });
}

function takingNaN<S extends Schema>(schema: S): S {
  const isReal = (column: Column): column is Column<Shape, 'float32'> => column.dtype === 'float32';
  const columns = Object.entries(schema).map(([name, column]) => [
    name,
    isReal(column) ? allowNotFinite(column) : column,
  ]);
  // The same columns under the same names.
  return Object.fromEntries(columns) as S;
}

export interface BatchOptions {
  /** Leaves out the last rows of an epoch where they do not fill a batch. Default false. */
  readonly dropRemainder?: boolean | undefined;
  /**
   * How long the first row of a batch waits for others, in milliseconds, where rows come as they please: a batch is then
   * trained on with those that came. Default: until it is full.
   */
  readonly within?: number | undefined;
  /**
   * Where columns are sequences: the lengths to which batches are padded, each to the shortest that holds its longest row; the
   * programs are compiled for each. The longest sequence that there may be is always one of them. Default: the powers of
   * two from 8 on.
   */
  readonly lengths?: readonly number[] | undefined;
}

/** How rows are put together by their lengths. */
export interface BucketBatchOptions<S extends Schema = Schema> extends Omit<BatchOptions, 'within'> {
  /** The column of sequences, or texts, or what gives the length of a row. Default: the longest of its sequences. */
  readonly by?: (keyof S & string) | ((row: Row<S>) => number) | undefined;
}

/** Rows in batches: what a pipeline trains on. */
export class Batches<S extends Schema = Schema> {
  readonly rows: Dataset<S>;
  readonly size: number;
  readonly dropRemainder: boolean;
  readonly within: number | undefined;
  /** As they were given. */
  readonly lengths: readonly number[] | undefined;
  /** Present in types only: what a model sees. */
  declare readonly columns?: Columns<S>;

  constructor(rows: Dataset<S>, size: number, { dropRemainder = false, within, lengths }: BatchOptions = {}) {
    this.rows = rows;
    this.size = size;
    this.dropRemainder = dropRemainder;
    this.within = within;
    this.lengths = lengths;
  }

  /** The rows again, those that `dropRemainder` leaves out included. */
  unbatch(): Dataset<S> {
    return this.rows;
  }
}

/**
 * Rows of a file of comma-separated values (RFC 4180); its columns are found by the header's names. Read into memory, so that
 * they can be shuffled whole, or with `stream: true` while training, from any position. Endings `.gz` and `.zst` are unpacked.
 */
export function csv<const S extends Schema>(
  file: URL | string,
  schema: S,
  options: CsvOptions<S> = {},
): Dataset<S> {
  const { delimiter, header, stream, ...rowOptions } = knownOptions(options);
  const args = { file, format: { delimiter, header }, rowOptions, unknown: unknownOptions(options) };
  return sourceOf(stream ? 'csvStream' : 'csv', args, schema, true, 'seek');
}

/** Rows that are plain objects in memory. */
export function rows<const S extends Schema>(
  schema: S,
  rows: readonly Row<S>[],
  options: RowOptions<S> = {},
): Dataset<S> {
  return sourceOf('rows', { rows, rowOptions: options }, schema, true, 'seek');
}

/** Rows that lie in memory column by column; a column of larger shape is flat or nested. */
export function arrays<const S extends Schema>(
  schema: S,
  columns: { readonly [K in keyof S]: ArrayLike<unknown> },
  options: RowOptions<S> = {},
): Dataset<S> {
  return sourceOf('arrays', { columns, rowOptions: options }, schema, true, 'seek');
}

export interface FromOptions<S extends Schema = Schema> extends Edge, RowOptions<S> {}

/**
 * Rows from a live source. Iterables are pulled as rows are needed; a subscribable cannot be paused, so it must say
 * what happens when it is faster than training. Pass a function to open the source anew each time it is read.
 */
export function from<const S extends Schema>(
  schema: S,
  source: Source<Row<S>> | (() => Source<Row<S>>),
  options?: FromOptions<S>,
): Dataset<S>;
/** The same, of rows that a validator makes out: `from(schema, messages, { validate: z.object(…) })`. */
export function from<const S extends Schema, Input>(
  schema: S,
  source: Source<Input> | (() => Source<Input>),
  options: FromOptions<S> & { readonly validate: StandardSchema<Input, Row<S>> },
): Dataset<S>;
export function from<const S extends Schema>(
  schema: S,
  source: Source<unknown> | (() => Source<unknown>),
  options: FromOptions<S> = {},
): Dataset<S> {
  const { capacity, overflow, ...rowOptions } = knownOptions(options);
  const args = { source, edge: { capacity, overflow }, rowOptions, unknown: unknownOptions(options) };
  return sourceOf('from', args, schema, false, replayOf(source, overflow));
}

/** Options that exist only when the program runs have no members yet; the stage holds what stands for them. */
export function knownOptions<T extends object>(options: T): Partial<T> {
  return options instanceof HostReference ? {} : options;
}

export function unknownOptions(options: object): HostReference | undefined {
  return options instanceof HostReference ? options : undefined;
}

/** Whether a source can be read again, as far as can be told without reading it: one with a policy for overflow pushes its rows. */
export function replayOf(source: unknown, overflow?: Overflow | Spool): Replay {
  if (typeof overflow === 'object') return 'seek';
  if (overflow !== undefined && overflow !== 'block') return 'once';
  if (source instanceof HostReference) return 'unknown';
  if (typeof source === 'function') return 'reread';
  if (typeof source !== 'object' || source === null) return 'unknown';
  if ('open' in source) return 'seek';
  // An iterator that is its own iterable gives its rows once.
  return Symbol.iterator in source && !('next' in source) ? 'reread' : 'once';
}

export interface SplitOptions<S extends Schema> {
  /**
   * What decides to which part a row belongs: rows of which this is the same text or number are in one part, whatever their
   * place. Needed for a live source that cannot be read again. Default: their place.
   */
  readonly by?: ((row: Row<S>) => string | number) | undefined;
}

/**
 * Divides the rows of a dataset by share: `split(rows, { train: 0.8, test: 0.2 })`. A row belongs to one part for
 * the whole run, whatever shuffling comes before or after.
 */
export function split<S extends Schema, const Parts extends Readonly<Record<string, number>>>(
  dataset: Dataset<S>,
  parts: Parts,
  { by }: SplitOptions<S> = {},
): { readonly [K in keyof Parts]: Dataset<S> } {
  let from = 0;
  const entries = Object.entries(parts).map(([name, share]) => {
    const to = from + share;
    const part = stageOf('part', [dataset.stage], { name, from, to, by }, dataset.schema);
    from = to;
    return [name, new Dataset<S>(dataset.schema, part)] as const;
  });
  return Object.fromEntries(entries) as { [K in keyof Parts]: Dataset<S> };
}

export type { Column, Columns, Row, Schema, Stage };

/** The lengths that batches are padded to, in order: those asked for, and the longest that there may be. None without sequences. */
export function paddedLengths(schema: Schema, given?: readonly number[]): readonly number[] {
  // What is no list is told of where the batches are looked at.
  const asked = Array.isArray(given) ? given : undefined;
  const most = Math.max(0, ...Object.values(schema).map(({ items }) => items?.most ?? 0));
  if (most === 0) return [];
  const wanted = asked ?? Array.from({ length: 22 }, (_, i) => 2 ** (i + 3));
  return [...new Set([...wanted.filter((length) => length < most), most])].sort((a, b) => a - b);
}
