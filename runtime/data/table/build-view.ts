/** The views that the stages of a dataset describe; endless repetition is moved outwards, where it costs nothing. */
import { DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { EventLoopSlices } from '../../run/event-loop-slices.ts';
import type { Order, View } from './view.ts';
import { isFixed, isShuffled, lengthOf, orderOf } from './view.ts';

/** The rows of `view` in random order, anew each epoch. Rounds that have no end are each shuffled for themselves. */
export function shuffled(view: View, key: readonly number[]): View {
  if (view.kind === 'rounds' && !Number.isFinite(view.times)) {
    return { ...view, of: shuffled(view.of, key) };
  }
  needsAnEnd('shuffle', view);
  return { kind: 'shuffled', of: view, key };
}

/**
 * The share [from, to) of the rows. Which rows these are is settled once, by the first epoch's order, so that parts
 * never mix; a part of shuffled rows is shuffled anew each epoch within itself.
 */
export function part(view: View, from: number, to: number, key: readonly number[]): View {
  if (view.kind === 'rounds' && !Number.isFinite(view.times)) {
    return { ...view, of: part(view.of, from, to, key) };
  }
  needsAnEnd('split', view);
  const settled: View = isFixed(view) ? view : { kind: 'frozen', of: view };
  const { length } = orderOf(settled, 0);
  const rows: View = {
    kind: 'slice',
    of: settled,
    from: Math.round(from * length),
    to: Math.round(to * length),
  };
  return isShuffled(view) ? { kind: 'shuffled', of: rows, key } : rows;
}

/**
 * The rows that `keep` says yes to. `keep` must be pure: below a shuffle or a repetition it is asked once a row,
 * and what it keeps is then shuffled or repeated.
 */
export async function kept(
  view: View,
  keep: (row: number) => boolean,
  slices: EventLoopSlices,
): Promise<View> {
  if (view.kind === 'shuffled' || view.kind === 'rounds') {
    return { ...view, of: await kept(view.of, keep, slices) };
  }
  needsAnEnd('filter', view);
  if (!isFixed(view)) return { kind: 'kept', of: view, keep };
  return { kind: 'list', rows: await listed(orderOf(view, 0), keep, slices) };
}

async function listed(
  order: Order,
  keep: (row: number) => boolean,
  slices: EventLoopSlices,
): Promise<Int32Array> {
  const rows: number[] = [];
  for (let position = 0; position < order.length; position++) {
    const row = order.at(position);
    if (keep(row)) rows.push(row);
    if (slices.due()) await slices.rest();
  }
  return Int32Array.from(rows);
}

function needsAnEnd(stage: string, view: View): void {
  if (lengthOf(view) !== Number.POSITIVE_INFINITY) return;
  refuse(
    DAT715({
      message: `${stage} cannot follow rows that never end`,
      span: nowhere,
      expected: 'a dataset with an end, or one that ends in .repeat()',
      received: '.repeat().skip(…)',
      hint: `write .${stage} before .repeat()`,
    }),
  );
}
