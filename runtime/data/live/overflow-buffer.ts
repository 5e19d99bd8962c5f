/** The bounded room where pushed rows wait, and what happens when it is full. */
import type { Overflow } from '../../../dsl/dataset.ts';
import { mix } from '../mix.ts';

/** The rows that wait, and what `sample` has counted. */
export interface BufferState<T = unknown> {
  readonly rows: readonly T[];
  readonly population: number;
  readonly arrivals: number;
}

export type DroppingPolicy = Exclude<Overflow, 'block' | 'error'>;

/**
 * First in, first out, never more than `capacity` rows. When it is full, a newcomer
 * - `dropOldest`: takes the place of the row that waited longest, at the end of the queue;
 * - `dropNewest`: is dropped;
 * - `latest`: replaces whatever waits: the capacity is one;
 * - `sample`: is kept or dropped so that the rows that wait are an unbiased sample of those that arrived since the
 *   last one was taken (reservoir sampling, with a counter-based choice).
 */
export class OverflowBuffer<T = unknown> {
  /** How many rows were dropped in all. */
  dropped = 0;
  private readonly slots: T[];
  private readonly capacity: number;
  private readonly policy: DroppingPolicy;
  private readonly key: readonly number[];
  private head = 0;
  /** Of `sample`: how many rows the present ones are a sample of. */
  private population: number;
  private arrivals: number;

  constructor(capacity: number, policy: DroppingPolicy, key: readonly number[], from?: BufferState<T>) {
    const { rows = [], population = 0, arrivals = 0 } = from ?? {};
    this.slots = [...rows];
    this.population = population;
    this.arrivals = arrivals;
    this.capacity = policy === 'latest' ? 1 : capacity;
    this.policy = policy;
    this.key = key;
  }

  get size(): number {
    return this.slots.length - this.head;
  }

  offer(row: T): void {
    this.arrivals++;
    this.population++;
    if (this.size < this.capacity) {
      this.slots.push(row);
      return;
    }
    this.dropped++;
    if (this.policy === 'dropOldest' || this.policy === 'latest') {
      this.head++;
      this.slots.push(row);
      this.compact();
    } else if (this.policy === 'sample') {
      const place = mix(...this.key, this.arrivals) % this.population;
      if (place < this.capacity) this.slots[this.head + place] = row;
    }
  }

  /** The row that waited longest; undefined where none waits. */
  take(): T | undefined {
    if (this.size === 0) return undefined;
    const row = this.slots[this.head++];
    this.population = this.size;
    this.compact();
    return row;
  }

  state(): BufferState<T> {
    const { population, arrivals } = this;
    return { rows: this.slots.slice(this.head), population, arrivals };
  }

  /** Gives back the room of rows that have gone, at a cost that is constant on average. */
  private compact(): void {
    if (this.head < 64 || this.head * 2 < this.slots.length) return;
    this.slots.splice(0, this.head);
    this.head = 0;
  }
}
