/** The stages that a dataset can be followed by, beside the first ones: each method describes a new dataset. */
import type { Column, Nested, Row, Schema } from './column.ts';
import { bool, float, int } from './column.ts';
import type { Dataset, RowContext } from './dataset.ts';
import type { WatermarkOptions } from './event-time.ts';
import { EventTime } from './event-time.ts';
import type { Stage } from './stage.ts';
import { stageOf } from './stage.ts';
import type { Length, Shape } from './tensor.ts';

export interface WindowOptions {
  /** How many rows a window begins after the one before it. Default: its size. */
  readonly shift?: number | undefined;
  /** Takes each `stride`th row into a window. Default 1. */
  readonly stride?: number | undefined;
  /** Leaves out the last windows of an epoch where rows are lacking. Default false; of `slide`, true. */
  readonly dropRemainder?: boolean | undefined;
}

export interface DedupeOptions<S extends Schema = Schema> {
  /** What two rows have in common that are the same. */
  readonly by: (row: Row<S>) => string | number;
  /** How long a row is remembered: for so many rows after it, or so many milliseconds of the run's clock. */
  readonly within: { readonly rows: number } | { readonly ms: number };
  /** How many are remembered at most; the oldest are forgotten first. Default 65 536. */
  readonly capacity?: number | undefined;
}

export interface ReplayOptions {
  /** How many earlier rows are given again for each row, on average: with 0.5 one for every second row, with 3 three. Default 1. */
  readonly rate?: number | undefined;
  /** Other draws, whatever the seed of the run. Default: those of the run's seed. */
  readonly seed?: number | undefined;
}

export interface TargetEncodeOptions<Of extends PropertyKey, Target extends PropertyKey> {
  /** The column of categories: labels, whole numbers, truth values or texts. */
  readonly of: Of;
  /** The column of what is to be predicted; truth values count as 0 and 1. */
  readonly target: Target;
  /** How many rows of a category its own mean must have to count as much as the prior. Default 10. */
  readonly smoothing?: number | undefined;
  /** What a category without rows is taken for. Default: the mean target of all rows before, 0 of none. */
  readonly prior?: number | undefined;
  /** How many categories are remembered at most; those that were seen longest ago are forgotten first. Default 65 536. */
  readonly capacity?: number | undefined;
}

export interface RateLimit {
  /** How many rows at most … */
  readonly rows: number;
  /** … in any stretch of so many milliseconds. */
  readonly per: number;
}

export interface InnerJoinOptions<On extends PropertyKey> {
  /** The columns that must agree. */
  readonly on: On | readonly On[];
  /** `inner` leaves out the rows that nothing agrees with, counted as rejected, reason `unmatched`. Default. */
  readonly kind?: 'inner' | undefined;
}

export interface LeftJoinOptions<On extends PropertyKey, T extends Schema> {
  readonly on: On | readonly On[];
  /** `left` gives every row, beside `otherwise` where nothing agrees. */
  readonly kind: 'left';
  readonly otherwise: Row<Omit<T, On>>;
}

/** A type with nothing in it where two schemas share no column, else one that says which they share. */
export type Apart<A, B> = [keyof A & keyof B] extends [never]
  ? unknown
  : { readonly 'columns of both': keyof A & keyof B };

/** A schema in which each list of a row is one of its items; what is no list stays as it is. */
export type Unbatched<S extends Schema> = {
  readonly [K in keyof S]: NonNullable<S[K]['value']> extends string
    ? S[K]
    : S[K] extends Column<readonly [Length, ...infer Rest extends Shape], infer D, readonly (infer Item)[]>
      ? Column<readonly [...Rest], D, Item>
      : S[K]['shape'] extends readonly [unknown, ...infer Rest extends Shape]
        ? Column<Rest, S[K]['dtype'], Rest extends readonly [] ? Scalar<S[K]['dtype']> : Nested>
        : S[K];
};
type Scalar<D> = D extends 'bool' ? boolean : number;

export abstract class RowStages<S extends Schema> {
  readonly schema: S;
  readonly stage: Stage;

  constructor(schema: S, stage: Stage) {
    this.schema = schema;
    this.stage = stage;
  }

  /** As many rows under another schema as host code makes of each one: `flatMap(word, ({ text }) => words(text))`. */
  flatMap<const T extends Schema>(
    schema: T,
    flatMap: (row: Row<S>, context: RowContext) => Iterable<Row<T>>,
  ): Dataset<T> {
    return this.under(schema, 'flatMap', { flatMap });
  }

  /**
   * One row for each `size` rows that follow each other: `window(schema, 24, (hours) => day)`. The next window begins `shift`
   * rows later.
   */
  window<const T extends Schema>(
    schema: T,
    size: number,
    window: (rows: readonly Row<S>[], context: RowContext) => Row<T>,
    { shift = size, stride = 1, dropRemainder = false }: WindowOptions = {},
  ): Dataset<T> {
    return this.under(schema, 'window', { size, window, shift, stride, dropRemainder });
  }

  /** One row for each row that has `size − 1` others before it, and for these: `window` with a shift of one row. */
  slide<const T extends Schema>(
    schema: T,
    size: number,
    window: (rows: readonly Row<S>[], context: RowContext) => Row<T>,
    { shift = 1, stride = 1, dropRemainder = true }: WindowOptions = {},
  ): Dataset<T> {
    return this.under(schema, 'window', { size, window, shift, stride, dropRemainder });
  }

  /** Rows that host code, which may be async, makes of `size` rows at a time: fewer at the end. */
  mapBatches<const T extends Schema>(
    schema: T,
    size: number,
    map: (rows: readonly Row<S>[], context: RowContext) => Iterable<Row<T>> | Promise<Iterable<Row<T>>>,
  ): Dataset<T> {
    return this.under(schema, 'mapBatches', { size, map });
  }

  /**
   * One row for each item of the lists in a row, which are all of one length: that of their shapes, or, of sequences, their own.
   * Values that are no lists are repeated.
   */
  unbatch(): Dataset<Unbatched<S>>;
  unbatch(): Dataset {
    const lists = Object.entries<Column>(this.schema).flatMap(([name, { kind, shape, dtype }]) =>
      kind === 'text' || shape.length === 0
        ? []
        : [{ name, length: shape[0], isBool: dtype === 'bool' && shape.length === 1 }],
    );
    const schema = Object.fromEntries(
      Object.entries<Column>(this.schema).map(([name, column]) => [name, itemOf(column)]),
    );
    return this.under(schema, 'unbatch', { lists });
  }

  /** A column with the place of each row in its epoch, from 0. */
  enumerate<const N extends string>(
    name: N extends keyof S ? `there is a column ${N} already` : N,
  ): Dataset<S & { readonly [K in N]: typeof int }>;
  enumerate(name: string): Dataset {
    const clash = Object.hasOwn(this.schema, name) ? [name] : [];
    return this.under({ ...this.schema, [name]: int }, 'enumerate', { name, clash });
  }

  /**
   * One row for each row, from it and what host code keeps, which is plain data: `scan(schema, 0, (sum, { x }) => [sum + x,
   * { total: sum + x }])`. Each epoch begins anew with `initial`.
   */
  scan<const T extends Schema, State>(
    schema: T,
    initial: State,
    scan: (state: State, row: Row<S>) => readonly [State, Row<T>],
  ): Dataset<T> {
    return this.under(schema, 'scan', { initial, scan });
  }

  /** The rows before the first that host code says no to. */
  takeWhile(takeWhile: (row: Row<S>) => boolean): Dataset<S> {
    return this.under(this.schema, 'takeWhile', { takeWhile });
  }

  /** A share of the rows, drawn anew in each epoch; the others are counted as rejected where they come live, reason `sampled`. */
  sample(share: number): Dataset<S> {
    return this.under(this.schema, 'sample', { share });
  }

  /** The rows, each shown to host code as it is read. */
  peek(peek: (row: Row<S>) => void): Dataset<S> {
    return this.under(this.schema, 'peek', { peek });
  }

  /** Leaves out rows that are the same as one that was given before; they are counted as rejected, reason `duplicate`. */
  dedupe({ by, within, capacity }: DedupeOptions<S>): Dataset<S> {
    return this.under(this.schema, 'dedupe', { by, within, capacity });
  }

  /**
   * Each row, and after it some of the earlier ones again, drawn from at most `buffer` of them: a uniform sample of all rows so
   * far, so that a model that learns from a stream does not forget what has become rare (experience replay; Lin 1992,
   * "Self-improving reactive agents"; the sample is Vitter's algorithm R, 1985). `payments.replay(10_000, { rate: 2 })`.
   *
   * The draws are by place: the same in every run with the same seed, also in one that goes on from a checkpoint, which holds the
   * rows of the sample. A `shuffle` behind it parts a row from its repetitions. Losses and metrics of batches count
   * rows that come again, which the model has been trained on. A wrong argument is refused with DAT715.
   */
  replay(buffer: number, { rate = 1, seed }: ReplayOptions = {}): Dataset<S> {
    return this.under(this.schema, 'replay', { buffer, rate, seed });
  }

  /**
   * A column `name`, float32, with what a category's target was on average in the rows *before* each row:
   * (Σ target + smoothing · prior) / (rows + smoothing), over the rows of its category in this epoch. So a category of many values
   * becomes one number that keeps up with the stream, and no row knows its own target (Micci-Barreca 2001, "A preprocessing
   * scheme for high-cardinality categorical attributes"; in order, as CatBoost does).
   *
   * ```ts
   * clicks.targetEncode('clickRate', { of: 'shop', target: 'clicked', smoothing: 20 })
   * ```
   *
   * Rows to predict must bring the column themselves. A wrong option, or a name that a column has, is refused with DAT715.
   */
  targetEncode<
    const N extends string,
    const Of extends keyof S & string,
    const Target extends keyof S & string,
  >(
    name: N extends keyof S ? `there is a column ${N} already` : N,
    options: TargetEncodeOptions<Of, Target>,
  ): Dataset<S & { readonly [K in N]: typeof float }>;
  targetEncode(name: string, options: TargetEncodeOptions<string, string>): Dataset {
    const { of, target, smoothing = 10, prior, capacity = 65_536 } = options;
    const problem = encodingProblem(this.schema, name, of, target);
    const args = { name, of, target, smoothing, prior, capacity, problem };
    return this.under({ ...this.schema, [name]: float }, 'targetEncode', args);
  }

  /** Reads as many rows ahead while training is busy. */
  prefetch(rows: number): Dataset<S> {
    return this.under(this.schema, 'prefetch', { room: rows });
  }

  /** Gives rows no faster than this, in whatever epoch; the source is not asked for one before its time. */
  rateLimit({ rows, per }: RateLimit): Dataset<S> {
    return this.under(this.schema, 'rateLimit', { rows, per });
  }

  /** Gives a row only when none came for `ms` milliseconds after it; the others are counted as rejected, reason `debounced`. */
  debounce(ms: number): Dataset<S> {
    return this.under(this.schema, 'debounce', { ms });
  }

  /** These rows and then those of others with the same columns. */
  concat(...others: readonly Dataset<NoInfer<S>>[]): Dataset<S> {
    const stages = others.map(({ stage }) => stage);
    return this.under(this.schema, 'concat', { odd: oddColumns(this.schema, stages) }, stages);
  }

  /**
   * Puts the columns of a table beside these: of each of its rows that agrees on `on`. It is read once a run and kept in
   * memory by key. Columns other than `on` must differ in name.
   */
  join<T extends Schema, const On extends keyof S & keyof T & string>(
    table: Dataset<T> & Apart<Omit<S, On>, Omit<T, On>>,
    options: InnerJoinOptions<On> | LeftJoinOptions<On, T>,
  ): Dataset<S & Omit<T, On>>;
  join(table: Dataset, options: InnerJoinOptions<string> | LeftJoinOptions<string, Schema>): Dataset {
    const { on, kind } = options;
    const keys = typeof on === 'string' ? [on] : on;
    const clash = Object.keys(table.schema).filter(
      (name) => Object.hasOwn(this.schema, name) && !keys.includes(name),
    );
    const isScalar = keys.every((key) => this.schema[key]?.shape.length === 0);
    const otherwise = options.kind === 'left' ? options.otherwise : undefined;
    const args = { on: keys, kind, otherwise, clash, isScalar, isBounded: table.stage.bounded };
    return this.under({ ...table.schema, ...this.schema }, 'join', args, [table.stage], this.stage.bounded);
  }

  /** Rows with times of their own, for windows of event time: `.watermark({ time, lateness: 5000 }).tumbling(…)`. */
  watermark(options: WatermarkOptions<S>): EventTime<S> {
    return new EventTime(this.stage, options, (schema, stage) => this.described(schema, stage));
  }

  protected abstract described<T extends Schema>(schema: T, stage: Stage): Dataset<T>;

  private under<T extends Schema>(
    schema: T,
    name: string,
    args: Readonly<Record<string, unknown>>,
    others: readonly Stage[] = [],
    bounded?: boolean,
  ): Dataset<T> {
    return this.described(schema, stageOf(name, [this.stage, ...others], args, schema, bounded));
  }
}

function encodingProblem(schema: Schema, name: string, of: string, target: string): string | undefined {
  const isScalar = (column: Column | undefined): column is Column =>
    column !== undefined && (column.shape.length === 0 || column.kind === 'text');
  if (Object.hasOwn(schema, name)) return 'a name that no column has';
  if (!isScalar(schema[of])) return 'a column of one category a row as of';
  const answer = schema[target];
  const isNumber = isScalar(answer) && answer.kind !== 'category' && answer.kind !== 'text';
  return isNumber ? undefined : 'a column of one number or truth value a row as target';
}

/** Names of columns that other datasets lack, have besides, or have otherwise. */
export function oddColumns(
  schema: Schema,
  others: readonly { readonly schema: Schema }[],
): readonly string[] {
  return others.flatMap(({ schema: other }) =>
    [...new Set([...Object.keys(schema), ...Object.keys(other)])].filter(
      (name) => JSON.stringify(schema[name]) !== JSON.stringify(other[name]),
    ),
  );
}

function itemOf(column: Column): Column {
  if (column.items) return column.items.of;
  const [, ...shape] = column.shape;
  const isWhole = column.kind === 'text' || column.shape.length === 0;
  if (isWhole || shape.length > 0) return isWhole ? column : { ...column, shape };
  return column.dtype === 'bool' ? bool : column.dtype === 'int32' ? int : float;
}
