/** Opens the stages of a dataset, from its sources on: rows in memory stay there as long as every stage knows how. */
import { DAT715 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { hostReferenceIn } from '../../dsl/host-reference.ts';
import type { Cursor, OpenCursor, Stage, StageCard, StageContext } from '../../dsl/stage.ts';
import { openChecked } from './intake/open-checked.ts';
import { builtIns } from './registry.ts';
import type { FeedContext, LiveRows, Rows } from './rows.ts';
import type { BuiltIn, BuiltInStage, TableContext } from './stage.ts';
import type { Table } from './table/table.ts';
import { tableCursor } from './table/table-cursor.ts';
import { valueText } from './value-text.ts';

/** `path` says at which of several parents of a stage above this one hangs, where it is not the first. */
export async function openRows(
  stage: Stage,
  context: FeedContext,
  path: readonly number[] = [],
): Promise<Rows> {
  const card = cardOf(stage);
  checkArguments(stage, card);
  if ('family' in card && card.family === 'table') {
    // The arguments are those that the source was described with.
    const table = await shared(stage, context, () => card.read(stage.args as never, stage.schema, context));
    return { kind: 'table', table, view: { kind: 'all', rows: table.rows } };
  }
  const parents: Rows[] = [];
  for (const [at, parent] of stage.parents.entries()) {
    parents.push(await openRows(parent, context, at === 0 ? path : [...path, at]));
  }
  const key = keyOf(stage, context.seed, path);
  const rows =
    'family' in card && card.family === 'stage'
      ? await byIndex(stage, card, parents, key, context)
      : undefined;
  return rows ?? opened(stage, card, parents.map(cursorOf), key, context);
}

/** What the stage gives where all that it is applied to is in memory, and it knows how to stay there. */
function byIndex(
  stage: Stage,
  card: BuiltInStage,
  parents: readonly Rows[],
  key: readonly number[],
  context: FeedContext,
): ReturnType<NonNullable<BuiltInStage['onTable']>> {
  const tables = parents.flatMap((parent) => (parent.kind === 'table' ? [parent] : []));
  if (tables.length < parents.length) return undefined;
  const given: TableContext<never> = {
    // The arguments are the card's own.
    args: stage.args as never,
    schema: stage.schema,
    key,
    slices: context.slices,
    shared: (make) => shared(stage, context, make),
  };
  const [only] = tables;
  return parents.length === 1 && only ? card.onTable?.(only, given) : card.onTables?.(tables, given);
}

function opened(
  stage: Stage,
  card: StageCard,
  upstream: readonly OpenCursor[],
  key: readonly number[],
  { slices, ledger, now, onRejected }: FeedContext,
): LiveRows {
  const fixed: Omit<StageContext, 'epoch' | 'from'> = {
    args: stage.args,
    schema: stage.schema,
    open: upstream[0] ?? noParent(stage),
    upstream,
    replay: stage.replay,
    key,
    memory: ledger.memoryOf(stage),
    rest: () => (slices.due() ? slices.rest() : undefined),
    now,
    reject: (reason, rows) => onRejected({ reason, rows, stage: card.name }),
    holds: (waiting, isPushed) => ledger.holds(stage, waiting, isPushed),
    whenDurable: (settling) => ledger.settles(stage, settling),
  };
  return {
    kind: 'live',
    schema: stage.schema,
    open(epoch, from) {
      // The arguments and the state are the card's own.
      const own = (from: unknown): Cursor => card.open({ ...fixed, epoch, from } as never);
      return 'family' in card && card.family === 'live' ? openChecked(fixed, own, from) : own(from);
    },
  };
}

function noParent({ name }: Stage): OpenCursor {
  return () => {
    throw new Error(`internal: the source ${name} opens rows of a stage before it`);
  };
}

/** Rows one at a time, wherever they are. */
export function cursorOf(rows: Rows): OpenCursor {
  return rows.kind === 'live' ? rows.open : tableCursor(rows);
}

function cardOf(stage: Stage): BuiltIn | StageCard {
  if (stage.card) return stage.card;
  const builtIn = builtIns.get(stage.name);
  if (!builtIn) throw new Error(`internal: there is no stage ${stage.name}`);
  return builtIn;
}

function checkArguments(stage: Stage, card: BuiltIn | StageCard): void {
  for (const value of Object.values(stage.args)) {
    const unknown = hostReferenceIn(value);
    if (unknown) throw new Error(`internal: ${unknown.why} at ${unknown.where} was never given its value`);
  }
  const expected = card.check?.(stage.args as never);
  if (expected === undefined) return;
  const given = Object.entries(stage.args).filter(([, value]) => value !== undefined);
  refuse(
    DAT715({
      message: `${card.name} takes ${expected}`,
      span: nowhere,
      expected,
      received: given.map(([name, value]) => `${name}: ${valueText(value)}`).join(', '),
    }),
  );
}

function shared(stage: Stage, { tables }: FeedContext, make: () => Promise<Table>): Promise<Table> {
  const before = tables.get(stage);
  if (before) return before;
  const table = make();
  tables.set(stage, table);
  return table;
}

/**
 * Each stage draws from a stream of its own; a `part` shuffles anew by the seed of the shuffle it divides. Stages at the
 * same height under different parents of one stage draw from different streams.
 */
function keyOf(stage: Stage, seed: number, path: readonly number[]): readonly number[] {
  let depth = 0;
  let own: unknown;
  for (let below: Stage | undefined = stage; below; below = below.parents[0]) {
    depth++;
    if (below.name === 'shuffle') own ??= below.args.seed;
  }
  return [typeof own === 'number' ? own : seed, depth, ...path];
}
