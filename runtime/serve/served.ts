/** What a server answers by: it may change from one batch of rows to the next. */
import type { Model } from '../model/model.ts';
import type { Version } from './serving.ts';

/** A version and the model that answers by it. */
export interface ServedModel extends Version {
  readonly model: Model;
}

export interface Served {
  /** What answers now; undefined before the first version. */
  readonly current: ServedModel | undefined;
  /** Versions that could not be taken because they are damaged. */
  readonly failures: number;
  /** Nobody asks any more. */
  close(): void;
}
