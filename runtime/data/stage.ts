/** The stages and sources that the runtime brings: cards, some with a faster way for rows that are in memory. */
import type { Schema } from '../../dsl/column.ts';
import type { StageCard, StageContext, StageExample } from '../../dsl/stage.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';
import type { SourceCursor } from './intake/checked-cursor.ts';
import type { DataContext, Rows, TableRows } from './rows.ts';
import type { Table } from './table/table.ts';

/** What a stage over rows in memory is given. */
export interface TableContext<Args> {
  readonly args: Args;
  /** Of the rows that it gives. */
  readonly schema: Schema;
  readonly key: readonly number[];
  readonly slices: EventLoopSlices;
  /** The table that `make` makes, shared by all datasets of a run that contain this stage. */
  shared(make: () => Promise<Table>): Promise<Table>;
}

export interface BuiltInStage<Args = never, State = unknown> extends StageCard<Args, State> {
  readonly family: 'stage';
  /** The same over rows in memory, by index; undefined where it is to be done row by row. */
  onTable?(rows: TableRows, context: TableContext<Args>): Rows | undefined | Promise<Rows | undefined>;
  /** The same of a stage over several datasets, where all of them are in memory. */
  onTables?(
    rows: readonly TableRows[],
    context: TableContext<Args>,
  ): Rows | undefined | Promise<Rows | undefined>;
}

/** Reads all rows into memory. */
export interface TableSource<Args = never> {
  readonly family: 'table';
  readonly name: string;
  check?(args: Args): string | undefined;
  read(args: Args, schema: Schema, context: DataContext): Promise<Table>;
}

/** Gives rows as they come. They are checked, by the `rowOptions` of its arguments, before any stage sees them. */
export interface LiveSource<Args = never, State = unknown> extends StageCard<Args, State> {
  readonly family: 'live';
  open(context: StageContext<Args, State>): SourceCursor<State>;
}

export type BuiltIn = BuiltInStage | TableSource | LiveSource;

export function builtInStage<Args, State = undefined>(
  card: Omit<BuiltInStage<Args, State>, 'family' | 'examples'> & {
    readonly examples: readonly StageExample<NoInfer<Args>>[];
  },
): BuiltInStage<Args, State> {
  return { family: 'stage', ...card };
}

export function tableSource<Args>(source: Omit<TableSource<Args>, 'family'>): TableSource<Args> {
  return { family: 'table', ...source };
}

export function liveSource<Args, State>(
  source: Omit<LiveSource<Args, State>, 'family'>,
): LiveSource<Args, State> {
  return { family: 'live', ...source };
}
