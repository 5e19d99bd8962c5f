/** What a function on rows may ask beside the row: its place, and random numbers that are the same in every run. */
import type { RowContext } from '../../dsl/dataset.ts';
import { mix } from './mix.ts';

export class RowDraws {
  private readonly key: readonly number[];
  private readonly epoch: number;

  constructor(key: readonly number[], epoch: number) {
    this.key = key;
    this.epoch = epoch;
  }

  /** Counter-based: any row can be asked for, in any order. */
  at(index: number): RowContext {
    const { key, epoch } = this;
    let draws = 0;
    return { index, epoch, random: () => mix(...key, epoch, index, draws++) / 0x1_0000_0000 };
  }
}
