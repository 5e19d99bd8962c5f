/** Opens the stages of a dataset: sources in memory become a table and a view on it, live ones a way to open them. */
import { DAT715 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Stage } from '../../dsl/dataset.ts';
import { HostReference } from '../../dsl/host-reference.ts';
import type { EventLoopSlices } from '../run/event-loop-slices.ts';
import { arraysTable } from './arrays-table.ts';
import { kept, part, shuffled } from './build-view.ts';
import { csvTable } from './csv-table.ts';
import type { OpenCursor } from './live/cursor.ts';
import { filterCursor } from './live/filter.ts';
import { mapCursor } from './live/map.ts';
import { openSource } from './live/open-source.ts';
import { partCursor } from './live/part.ts';
import { repeatCursor } from './live/repeat.ts';
import { shuffleCursor } from './live/shuffle.ts';
import { sliceCursor } from './live/slice.ts';
import { called, mappedTable } from './mapped-table.ts';
import { rowReader } from './row-of.ts';
import { rowsTable } from './rows-table.ts';
import type { Table } from './table.ts';
import type { View } from './view.ts';

export type Rows =
  | { readonly kind: 'table'; readonly table: Table; readonly view: View }
  | { readonly kind: 'live'; readonly schema: Schema; readonly open: OpenCursor };

export interface DataContext {
  /** What shuffles without a seed of their own are keyed by. */
  readonly seed: number;
  readonly slices: EventLoopSlices;
  /** Tables that were read already, so that two parts of one dataset share them. */
  readonly tables: Map<Stage, Promise<Table>>;
  /** Told how many rows a source has dropped since it last said so. */
  readonly onDropped: (rows: number) => void;
}

export async function openRows(stage: Stage, context: DataContext): Promise<Rows> {
  switch (stage.kind) {
    case 'csv':
    case 'rows':
    case 'arrays': {
      const table = await shared(stage, context, () => read(stage, context.slices));
      return { kind: 'table', table, view: { kind: 'all', rows: table.rows } };
    }
    case 'from': {
      const source = known(stage.source);
      const { schema, edge } = stage;
      const key = keyOf(stage, context);
      const open: OpenCursor = (epoch) =>
        openSource(source, edge, { key: [...key, epoch], onDropped: context.onDropped });
      return { kind: 'live', schema, open };
    }
    default: {
      checkStage(stage);
      const parent = await openRows(stage.parent, context);
      return parent.kind === 'table'
        ? onTable(stage, parent, context)
        : { ...parent, ...onLive(stage, parent.open, context) };
    }
  }
}

type Derived = Exclude<Stage, { kind: 'csv' | 'rows' | 'arrays' | 'from' }>;

async function onTable(
  stage: Derived,
  parent: Extract<Rows, { kind: 'table' }>,
  context: DataContext,
): Promise<Rows> {
  const { table, view } = parent;
  const key = keyOf(stage, context);
  const seen = (next: View): Rows => ({ kind: 'table', table, view: next });
  switch (stage.kind) {
    case 'shuffle':
      return seen(shuffled(view, key));
    case 'part':
      return seen(part(view, stage.from, stage.to, key));
    case 'take':
      return seen({ kind: 'slice', of: view, from: 0, to: stage.count });
    case 'skip':
      return seen({ kind: 'slice', of: view, from: stage.count, to: Number.POSITIVE_INFINITY });
    case 'repeat':
      return seen({ kind: 'rounds', of: view, times: stage.times });
    case 'map': {
      const mapped = await shared(stage, context, async () => mappedTable(table, stage.schema, stage.map));
      return { kind: 'table', table: mapped, view };
    }
    case 'filter': {
      const row = rowReader(table);
      const keep = (number: number): boolean => called('filter', number, stage.filter, row(number));
      return seen(await kept(view, keep, context.slices));
    }
  }
}

function onLive(
  stage: Derived,
  open: OpenCursor,
  context: DataContext,
): { open: OpenCursor; schema?: Schema } {
  const key = keyOf(stage, context);
  switch (stage.kind) {
    case 'shuffle':
      return { open: (epoch) => shuffleCursor(open(epoch), stage.buffer, [...key, epoch]) };
    case 'part':
      return { open: (epoch) => partCursor(open(epoch), stage.from, stage.to, key) };
    case 'take':
      return { open: (epoch) => sliceCursor(open(epoch), 0, stage.count) };
    case 'skip':
      return { open: (epoch) => sliceCursor(open(epoch), stage.count, Number.POSITIVE_INFINITY) };
    case 'repeat':
      return { open: (epoch) => repeatCursor(open, stage.times, epoch) };
    case 'map':
      return { open: (epoch) => mapCursor(open(epoch), stage.map), schema: stage.schema };
    case 'filter':
      return { open: (epoch) => filterCursor(open(epoch), stage.filter) };
  }
}

function read(
  stage: Extract<Stage, { kind: 'csv' | 'rows' | 'arrays' }>,
  slices: EventLoopSlices,
): Promise<Table> {
  switch (stage.kind) {
    case 'csv':
      return csvTable(stage.file, stage.schema, stage.options, slices);
    case 'rows':
      return rowsTable(known(stage.rows), stage.schema, slices);
    case 'arrays':
      return arraysTable(known(stage.columns), stage.schema, slices);
  }
}

function shared(stage: Stage, { tables }: DataContext, make: () => Promise<Table>): Promise<Table> {
  const before = tables.get(stage);
  if (before) return before;
  const table = make();
  tables.set(stage, table);
  return table;
}

function known<T>(value: T | HostReference): T {
  if (value instanceof HostReference) {
    throw new Error(`internal: ${value.why} at ${value.where} was never given its value`);
  }
  return value;
}

/** Each stage draws from a stream of its own; a `part` shuffles anew by the seed of the shuffle it divides. */
function keyOf(stage: Stage, { seed }: DataContext): readonly number[] {
  let depth = 0;
  let own: number | undefined;
  for (let below: Stage | undefined = stage; below; below = 'parent' in below ? below.parent : undefined) {
    depth++;
    if (below.kind === 'shuffle') own ??= below.seed;
  }
  return [own ?? seed, depth];
}

function checkStage(stage: Derived): void {
  const whole = (value: number, least: number): boolean =>
    (Number.isInteger(value) && value >= least) || value === Number.POSITIVE_INFINITY;
  const fail = (expected: string, received: unknown): void => {
    refuse(
      DAT715({
        message: `${stage.kind === 'part' ? 'split' : stage.kind} takes ${expected}`,
        span: nowhere,
        expected,
        received: String(received),
      }),
    );
  };
  if ((stage.kind === 'take' || stage.kind === 'skip') && !whole(stage.count, 0)) {
    fail('a whole number of rows', stage.count);
  }
  if (stage.kind === 'repeat' && !whole(stage.times, 0)) fail('a whole number of times', stage.times);
  if (stage.kind === 'shuffle') {
    if (!whole(stage.buffer, 1)) fail('a buffer of one row or more', stage.buffer);
    if (stage.seed !== undefined && !Number.isSafeInteger(stage.seed))
      fail('a whole number as seed', stage.seed);
  }
  if (stage.kind === 'part') {
    const { from, to } = stage;
    // Shares are added up in floating point.
    if (!(from >= 0 && to > from && to <= 1 + 1e-9)) {
      fail('shares above 0 that add up to 1 at most', `the share ${to - from} after ${from}`);
    }
  }
}
