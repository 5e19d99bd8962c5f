/** Datasets as descriptions: where rows come from and what is done to them. Nothing is read before a run. */
import type { Column, Columns, Row, Schema } from './column.ts';
import type { HostReference } from './host-reference.ts';

/** What a source that cannot be paused does when its consumer is slower. */
export type Overflow = 'block' | 'dropOldest' | 'dropNewest' | 'latest' | 'sample' | 'error';

/** The bound of a data edge. */
export interface Edge {
  /** How many rows may wait. */
  readonly capacity?: number | undefined;
  readonly overflow?: Overflow | undefined;
}

export interface CsvOptions {
  /** Default `,`. */
  readonly delimiter?: string | undefined;
  /** False when the first line is data: columns are then taken in the schema's order. Default true. */
  readonly header?: boolean | undefined;
  /** What stands for a missing real number; a missing value of another kind is refused. Default: refused. */
  readonly missing?: 'error' | 'nan' | undefined;
}

/** A subscribable source, as rxjs and others make them. */
export interface Subscribable<T> {
  subscribe(observer: { next(value: T): void; error(error: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

/** What `from` takes: pulled (iterables) or pushed (subscribables). */
export type Source<T> = Subscribable<T> | AsyncIterable<T> | Iterable<T>;

/** One stage of a dataset. `parent` is the stage that feeds it. */
export type Stage =
  | {
      readonly kind: 'csv';
      readonly file: URL | string;
      readonly schema: Schema;
      readonly options: CsvOptions;
    }
  | { readonly kind: 'rows'; readonly rows: readonly object[] | HostReference; readonly schema: Schema }
  | {
      readonly kind: 'arrays';
      readonly columns: Readonly<Record<string, ArrayLike<unknown>>> | HostReference;
      readonly schema: Schema;
    }
  | {
      readonly kind: 'from';
      readonly source: Source<object> | (() => Source<object>) | HostReference;
      readonly schema: Schema;
      readonly edge: Edge;
    }
  | {
      readonly kind: 'shuffle';
      readonly parent: Stage;
      readonly seed: number | undefined;
      readonly buffer: number;
    }
  | {
      readonly kind: 'part';
      readonly parent: Stage;
      readonly name: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'take' | 'skip'; readonly parent: Stage; readonly count: number }
  | { readonly kind: 'repeat'; readonly parent: Stage; readonly times: number }
  | {
      readonly kind: 'map';
      readonly parent: Stage;
      readonly schema: Schema;
      readonly map: (row: never) => object;
    }
  | { readonly kind: 'filter'; readonly parent: Stage; readonly filter: (row: never) => boolean };

/** Rows under a schema. Immutable: each method describes a new dataset. */
export class Dataset<S extends Schema = Schema> {
  readonly schema: S;
  readonly stage: Stage;

  constructor(schema: S, stage: Stage) {
    this.schema = schema;
    this.stage = stage;
  }

  /**
   * Puts rows in random order, anew each epoch. A dataset of known length is permuted whole; a stream is
   * shuffled through a buffer of `buffer` rows.
   */
  shuffle(options: { readonly seed?: number; readonly buffer?: number } = {}): Dataset<S> {
    return this.followedBy({
      kind: 'shuffle',
      parent: this.stage,
      seed: options.seed,
      buffer: options.buffer ?? 1024,
    });
  }

  /** The first `count` rows. */
  take(count: number): Dataset<S> {
    return this.followedBy({ kind: 'take', parent: this.stage, count });
  }

  /** All but the first `count` rows. */
  skip(count: number): Dataset<S> {
    return this.followedBy({ kind: 'skip', parent: this.stage, count });
  }

  /** The rows over and over: `times` times, or without end. */
  repeat(times: number = Number.POSITIVE_INFINITY): Dataset<S> {
    return this.followedBy({ kind: 'repeat', parent: this.stage, times });
  }

  /** Rows under another schema, computed from each row by host code. */
  map<const T extends Schema>(schema: T, map: (row: Row<S>) => Row<T>): Dataset<T> {
    return new Dataset(schema, { kind: 'map', parent: this.stage, schema, map });
  }

  /** The rows that host code says yes to. */
  filter(filter: (row: Row<S>) => boolean): Dataset<S> {
    return this.followedBy({ kind: 'filter', parent: this.stage, filter });
  }

  /** Batches of `size` rows; the last one may be smaller unless `dropRemainder`. */
  batch(size: number, options: { readonly dropRemainder?: boolean } = {}): Batches<S> {
    return new Batches(this, size, options.dropRemainder ?? false);
  }

  private followedBy(stage: Stage): Dataset<S> {
    return new Dataset(this.schema, stage);
  }
}

/** Rows in batches: what a pipeline trains on. */
export class Batches<S extends Schema = Schema> {
  readonly rows: Dataset<S>;
  readonly size: number;
  readonly dropRemainder: boolean;
  /** Present in types only: what a model sees. */
  declare readonly columns?: Columns<S>;

  constructor(rows: Dataset<S>, size: number, dropRemainder: boolean) {
    this.rows = rows;
    this.size = size;
    this.dropRemainder = dropRemainder;
  }
}

/** Rows of a file of comma-separated values; its columns are found by the header's names. */
export function csv<const S extends Schema>(
  file: URL | string,
  schema: S,
  options: CsvOptions = {},
): Dataset<S> {
  return new Dataset<S>(schema, { kind: 'csv', file, schema, options });
}

/** Rows that are plain objects in memory. */
export function rows<const S extends Schema>(schema: S, rows: readonly Row<S>[]): Dataset<S> {
  return new Dataset<S>(schema, { kind: 'rows', rows, schema });
}

/** Rows that lie in memory column by column; a column of larger shape is flat or nested. */
export function arrays<const S extends Schema>(
  schema: S,
  columns: { readonly [K in keyof S]: ArrayLike<unknown> },
): Dataset<S> {
  return new Dataset<S>(schema, { kind: 'arrays', columns, schema });
}

/**
 * Rows from a live source. Iterables are pulled as rows are needed; a subscribable cannot be paused, so it must say
 * what happens when it is faster than training. Pass a function to open the source anew each time it is read.
 */
export function from<const S extends Schema>(
  schema: S,
  source: Source<Row<S>> | (() => Source<Row<S>>),
  edge: Edge = {},
): Dataset<S> {
  return new Dataset<S>(schema, { kind: 'from', source: source as Source<object>, schema, edge });
}

/**
 * Divides the rows of a dataset by share: `split(rows, { train: 0.8, test: 0.2 })`. A row belongs to one part for
 * the whole run, whatever shuffling comes before or after.
 */
export function split<S extends Schema, const Parts extends Readonly<Record<string, number>>>(
  dataset: Dataset<S>,
  parts: Parts,
): { readonly [K in keyof Parts]: Dataset<S> } {
  let from = 0;
  const entries = Object.entries(parts).map(([name, share]) => {
    const to = from + share;
    const part = new Dataset<S>(dataset.schema, { kind: 'part', parent: dataset.stage, name, from, to });
    from = to;
    return [name, part] as const;
  });
  return Object.fromEntries(entries) as { [K in keyof Parts]: Dataset<S> };
}

export type { Column, Columns, Row, Schema };
