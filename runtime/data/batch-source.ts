/** What a run draws its batches from. */
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
  /** Ends the source; a `next` that is still waiting gives 0. */
  close(): void;
}

/** A dataset that has been opened: its epochs, one after the other. */
export interface Feed {
  /** `epoch` counts from 0. `row` is where to begin: the rows before it are passed over. */
  epoch(epoch: number, row?: number): BatchSource;
  /** How many batches the epoch has, where that is known and finite. */
  batchesIn(epoch: number): number | undefined;
}
