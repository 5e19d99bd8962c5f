/** The rows of a dataset once it is opened: a table in memory with a view on it, or a live source and a way to open it. */
import type { Schema } from '../../dsl/column.ts';
import type { OpenCursor, RejectionReason, Stage } from '../../dsl/stage.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';
import type { Ledger } from './ledger.ts';
import type { Table } from './table/table.ts';
import type { View } from './table/view.ts';

export interface TableRows {
  readonly kind: 'table';
  readonly table: Table;
  readonly view: View;
}

export interface LiveRows {
  readonly kind: 'live';
  readonly schema: Schema;
  readonly open: OpenCursor;
}

export type Rows = TableRows | LiveRows;

/** Rows that came and are not given on. */
export interface Rejection {
  readonly reason: RejectionReason;
  readonly rows: number;
  /** The stage's name. */
  readonly stage: string;
}

/** What a dataset is opened with. */
export interface DataContext {
  /** What shuffles without a seed of their own are keyed by. */
  readonly seed: number;
  readonly slices: EventLoopSlices;
  /** Tables that were read already, so that two parts of one dataset share them. */
  readonly tables: Map<Stage, Promise<Table>>;
  readonly onRejected: (rejection: Rejection) => void;
  readonly now: () => number;
  /** Aborted when nobody waits for the data any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The context of one dataset among those of a run. */
export interface FeedContext extends DataContext {
  readonly ledger: Ledger;
}
