/** Windows of event time: rows that came late or out of order are put where their own times say. */
import type { Row, Schema } from './column.ts';
import type { Dataset } from './dataset.ts';
import type { Stage } from './stage.ts';
import { stageOf } from './stage.ts';

export interface WatermarkOptions<S extends Schema = Schema> {
  /** When what the row tells of happened, in milliseconds since 1970. */
  readonly time: (row: Row<S>) => number;
  /** By how many milliseconds a row may come after others that happened later. */
  readonly lateness: number;
  /** After how many milliseconds without rows time goes on by the clock. Default: it waits for rows. */
  readonly idle?: number | undefined;
  /**
   * What is done with a row whose windows were all given already: `drop`, or a function that is handed it. Either way it is
   * counted as rejected, reason `late`. Default `drop`.
   */
  readonly onLate?: 'drop' | ((row: Row<S>) => void) | undefined;
}

export interface EventWindowOptions<S extends Schema = Schema> {
  /** Rows of different keys are in different windows. */
  readonly key?: ((row: Row<S>) => string | number) | undefined;
}

/** The window that rows were gathered in. */
export interface EventWindow {
  /** The first millisecond of it. */
  readonly start: number;
  /** The first millisecond after it. */
  readonly end: number;
  /** What `key` said of its rows; undefined without one. */
  readonly key: string | number | undefined;
}

type Gathering<S extends Schema, T extends Schema> = (rows: readonly Row<S>[], window: EventWindow) => Row<T>;

/**
 * Rows with a watermark: the time before which no more rows are expected, which is the latest time seen less the lateness.
 * A window is given when the watermark comes to its end, its rows in the order of their times: whatever the order in which
 * they came, as long as none came later than the lateness allows. (Akidau and others, The Dataflow Model, 2015.)
 */
export class EventTime<S extends Schema = Schema> {
  private readonly stage: Stage;
  // Not typed further: what can be done with rows of some columns can be done with those of more.
  private readonly options: object;
  private readonly make: <T extends Schema>(schema: T, stage: Stage) => Dataset<T>;

  constructor(
    stage: Stage,
    options: WatermarkOptions<S>,
    make: <T extends Schema>(schema: T, stage: Stage) => Dataset<T>,
  ) {
    this.stage = stage;
    this.options = options;
    this.make = make;
  }

  /** Windows of `size` milliseconds, one after the other, that begin at multiples of it. */
  tumbling<const T extends Schema>(
    schema: T,
    size: number,
    window: Gathering<S, T>,
    options: EventWindowOptions<S> = {},
  ): Dataset<T> {
    return this.windows(schema, { size, every: size, window, ...options });
  }

  /** Windows of `size` milliseconds, of which one begins at each multiple of `every`: a row is in as many as hold its time. */
  sliding<const T extends Schema>(
    schema: T,
    { size, every }: { readonly size: number; readonly every: number },
    window: Gathering<S, T>,
    options: EventWindowOptions<S> = {},
  ): Dataset<T> {
    return this.windows(schema, { size, every, window, ...options });
  }

  /** Windows that end where nothing happened for `gap` milliseconds: from the first row's time to that long after the last's. */
  session<const T extends Schema>(
    schema: T,
    { gap }: { readonly gap: number },
    window: Gathering<S, T>,
    options: EventWindowOptions<S> = {},
  ): Dataset<T> {
    return this.windows(schema, { gap, window, ...options });
  }

  private windows<T extends Schema>(schema: T, args: Readonly<Record<string, unknown>>): Dataset<T> {
    return this.make(schema, stageOf('eventWindows', [this.stage], { ...this.options, ...args }, schema));
  }
}
