/** What a run draws its batches from. */
import type { PlainData } from '../../dsl/stage.ts';
import type { Numbers } from '../engines/engine.ts';

/** Where batches are written: by column, the engine's own arrays. */
export type Inputs = Readonly<Record<string, Numbers>>;

/** The batches of one epoch. Not for use by two callers at once. */
export interface BatchSource {
  /**
   * Writes the next batch into the inputs and gives its number of rows; 0 is the end. Rows that are in memory are
   * there at once, without a promise.
   */
  next(inputs: Inputs): number | Promise<number>;
  /** The batch given last is not used after all: it is the first of those that `state` still holds. */
  giveBack(): void;
  /** Plain data from which the rest of the epoch can be gone on with. Asked for at the beginning of a turn of the event loop. */
  state(): PlainData;
  /** Whether `next`, which failed of this, left the state as it was after the batch given last. */
  isWholeAfter(error: unknown): boolean;
  /** Ends the source; a `next` that is still waiting gives what has come, or 0. */
  close(): void;
}

/** What a source that has ended gives. */
export const noBatches: BatchSource = {
  next: () => 0,
  giveBack: () => {},
  state: () => undefined,
  isWholeAfter: () => false,
  close: () => {},
};

/** A dataset that has been opened: its epochs, one after the other. */
export interface Feed {
  /** `epoch` counts from 0; `from` is what `state` gave, where the epoch was begun before. */
  epoch(epoch: number, from?: PlainData): BatchSource;
  /** How many batches the epoch has, where that is known and finite. */
  batchesIn(epoch: number): number | undefined;
  /** Whether rows are pushed by their source: such data may never end. */
  readonly isPushed: boolean;
  /** Rows that were read and not given in a batch yet. */
  waiting(): number;
  /** To be called when a checkpoint is taken; what it gives is to be called once that is durable. */
  settle(): () => Promise<void>;
}
