/** Which rows of a table come, and in which order: index arithmetic on positions, nothing stored but what a filter keeps. */
import { mix } from '../mix.ts';
import { Permutation } from './permutation.ts';

/** The order of one epoch. `at` takes any position below `length` and gives the row's number in the table. */
export interface Order {
  /** May be Infinity. */
  readonly length: number;
  at(position: number): number;
}

/** What stays the same over epochs: how to find each epoch's order. */
export type View =
  | { readonly kind: 'all'; readonly rows: number }
  | { readonly kind: 'list'; readonly rows: Int32Array }
  /** Another permutation each epoch. */
  | { readonly kind: 'shuffled'; readonly of: View; readonly key: readonly number[] }
  /** The first epoch's order, in every epoch: what `split` divides. */
  | { readonly kind: 'frozen'; readonly of: View }
  | { readonly kind: 'slice'; readonly of: View; readonly from: number; readonly to: number }
  | { readonly kind: 'rounds'; readonly of: View; readonly times: number }
  | { readonly kind: 'kept'; readonly of: View; readonly keep: (row: number) => boolean }
  /** A share of the rows by draws of their places, anew each epoch. */
  | { readonly kind: 'sampled'; readonly of: View; readonly share: number; readonly key: readonly number[] }
  /** One after the other; the rows of each part begin at `first` in the table. */
  | { readonly kind: 'joined'; readonly parts: readonly { readonly of: View; readonly first: number }[] };

/** Whether every epoch has the same order. */
export function isFixed(view: View): boolean {
  switch (view.kind) {
    case 'all':
    case 'list':
    case 'frozen':
      return true;
    case 'shuffled':
    case 'sampled':
      return false;
    case 'joined':
      return view.parts.every(({ of }) => isFixed(of));
    default:
      return isFixed(view.of);
  }
}

/** Whether rows come in random order anywhere below. */
export function isShuffled(view: View): boolean {
  if (view.kind === 'all' || view.kind === 'list') return false;
  if (view.kind === 'joined') return view.parts.some(({ of }) => isShuffled(of));
  return view.kind === 'shuffled' || isShuffled(view.of);
}

/** The number of rows an epoch has, or undefined where epochs differ in it. */
export function lengthOf(view: View): number | undefined {
  switch (view.kind) {
    case 'all':
      return view.rows;
    case 'list':
      return view.rows.length;
    case 'kept':
    case 'sampled':
      return undefined;
    case 'joined':
      return view.parts.reduce<number | undefined>((sum, { of }) => {
        const length = lengthOf(of);
        return sum === undefined || length === undefined ? undefined : sum + length;
      }, 0);
    case 'rounds': {
      const length = lengthOf(view.of);
      return length === undefined || length === 0 ? length : length * view.times;
    }
    case 'slice': {
      const length = lengthOf(view.of);
      return length === undefined ? undefined : Math.max(0, Math.min(view.to, length) - view.from);
    }
    case 'frozen':
      return lengthOf(view.of) ?? orderOf(view.of, 0).length;
    default:
      return lengthOf(view.of);
  }
}

/** The place of each row of a table, where every epoch has the same order and no row comes twice; else undefined. */
export function placesOf(view: View, rows: number): Int32Array | undefined {
  const length = isFixed(view) ? lengthOf(view) : undefined;
  if (length === undefined || length > rows) return undefined;
  const places = new Int32Array(rows).fill(-1);
  const order = orderOf(view, 0);
  for (let place = 0; place < length; place++) {
    const row = order.at(place);
    if (places[row] !== -1) return undefined;
    places[row] = place;
  }
  return places;
}

/** The order of an epoch; epochs count from 0. */
export function orderOf(view: View, epoch: number): Order {
  switch (view.kind) {
    case 'all':
      return { length: view.rows, at: (position) => position };
    case 'list':
      return listed(view.rows);
    case 'frozen':
      return orderOf(view.of, 0);
    case 'slice':
      return slice(orderOf(view.of, epoch), view.from, view.to);
    case 'shuffled': {
      const inner = orderOf(view.of, epoch);
      const permutation = new Permutation(inner.length, ...view.key, epoch);
      if (view.of.kind === 'all') return { length: inner.length, at: (position) => permutation.at(position) };
      return { length: inner.length, at: (position) => inner.at(permutation.at(position)) };
    }
    case 'rounds':
      return new Rounds(view.of, view.times, epoch);
    case 'kept': {
      const rows = keptRows(orderOf(view.of, epoch), view.keep);
      return listed(rows);
    }
    case 'sampled': {
      const { share, key } = view;
      const isDrawn = (_: number, place: number): boolean => isSampled(share, [...key, epoch, place]);
      return listed(keptRows(orderOf(view.of, epoch), isDrawn));
    }
    case 'joined':
      return joined(view.parts.map(({ of, first }) => ({ order: orderOf(of, epoch), first })));
  }
}

/** Whether a row is among a share of all, by a draw. */
export function isSampled(share: number, key: readonly number[]): boolean {
  return mix(...key) / 0x1_0000_0000 < share;
}

const listed = (rows: Int32Array): Order => ({ length: rows.length, at: (position) => rows[position] ?? 0 });

function joined(parts: readonly { readonly order: Order; readonly first: number }[]): Order {
  const length = parts.reduce((sum, { order }) => sum + order.length, 0);
  return {
    length,
    at(position) {
      let place = position;
      for (const { order, first } of parts) {
        if (place < order.length) return first + order.at(place);
        place -= order.length;
      }
      throw new Error(`internal: row ${position} of ${length}`);
    },
  };
}

function slice(inner: Order, from: number, to: number): Order {
  const length = Math.max(0, Math.min(to, inner.length) - from);
  return from === 0 ? { length, at: (p) => inner.at(p) } : { length, at: (p) => inner.at(p + from) };
}

function keptRows(order: Order, keep: (row: number, place: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let position = 0; position < order.length; position++) {
    const row = order.at(position);
    if (keep(row, position)) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** An order after itself, each time as its own epoch. */
class Rounds implements Order {
  readonly length: number;
  private readonly of: View;
  private readonly first: number;
  /** The length of every round, where they all have the same. */
  private readonly uniform: number | undefined;
  /** Where rounds differ: the start of each that was entered, which is all up to the farthest. */
  private readonly starts: number[] = [0];
  private round = 0;
  private start = 0;
  private order: Order;

  constructor(of: View, times: number, epoch: number) {
    this.of = of;
    this.first = Number.isFinite(times) ? epoch * times : 0;
    this.uniform = lengthOf(of);
    this.order = this.open(0);
    this.length = this.total(times);
  }

  at(position: number): number {
    if (this.uniform !== undefined) {
      const round = Math.floor(position / this.uniform);
      if (round !== this.round) this.enter(round, round * this.uniform);
    } else {
      if (position < this.start) {
        const round = this.starts.findLastIndex((start) => start <= position);
        this.enter(round, this.starts[round]!);
      }
      while (position >= this.start + this.order.length) {
        this.enter(this.round + 1, this.start + this.order.length);
        this.starts[this.round] = this.start;
      }
    }
    return this.order.at(position - this.start);
  }

  private open(round: number): Order {
    return orderOf(this.of, this.first + round);
  }

  private enter(round: number, start: number): void {
    this.round = round;
    this.start = start;
    this.order = this.open(round);
  }

  private total(times: number): number {
    const first = this.order.length;
    if (times === 0 || first === 0) return this.uniform === undefined && times > 0 ? this.sum(times) : 0;
    return this.uniform === undefined && Number.isFinite(times) ? this.sum(times) : first * times;
  }

  /** An endless repetition of nothing is nothing. */
  private sum(times: number): number {
    let total = 0;
    if (Number.isFinite(times)) for (let round = 0; round < times; round++) total += this.open(round).length;
    return total;
  }
}
