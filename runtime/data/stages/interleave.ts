/** The rows of several datasets in turns, or by chance. */

import { noRow } from '../../../dsl/row-ahead.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import { reading } from '../live/cursor.ts';
import { mix } from '../mix.ts';
import { builtInStage } from '../stage.ts';
import { isRoom } from './checks.ts';

interface InterleaveArgs {
  readonly count: number;
  readonly block: number;
  readonly weights: readonly number[] | undefined;
  readonly seed: number | undefined;
  /** Columns that not all datasets have alike. */
  readonly odd: readonly string[];
}

interface InterleaveState {
  /** Whose turn it is, and how many rows it has given in it. */
  readonly at: number;
  readonly inBlock: number;
  readonly given: number;
  readonly ended: readonly boolean[];
  readonly rows: readonly unknown[];
}

/** A dataset of which it is the turn is waited for. */
export const interleave = builtInStage<InterleaveArgs, InterleaveState>({
  name: 'interleave',
  check({ count, block, weights, seed, odd }) {
    if (odd.length > 0) return `datasets with the same columns, ${odd.join(', ')} too`;
    if (!isRoom(block)) return 'a block of one row or more';
    if (seed !== undefined && !Number.isSafeInteger(seed)) return 'a whole number as seed';
    if (weights === undefined) return undefined;
    const areWeights = weights.length === count && weights.every((weight) => weight > 0 && weight < 1e300);
    return areWeights ? undefined : `${count} weights above 0`;
  },
  open({ args, epoch, from, upstream, key, rest }) {
    const { block, weights, seed } = args;
    const parts = upstream.map((open, at) => open(epoch, from?.rows[at]));
    const ended = [...(from?.ended ?? parts.map(() => false))];
    const drawn = seed === undefined ? key : [seed, ...key.slice(1)];
    let { at, inBlock, given } = from ?? { at: 0, inBlock: 0, given: 0 };
    let closed = false;
    const isOver = (): boolean => closed || ended.every(Boolean);
    /** A draw among those that have not ended. */
    const chosen = (of: readonly number[]): number => {
      const left = of.map((weight, at) => (ended[at] ? 0 : weight));
      const sum = left.reduce((sum, weight) => sum + weight, 0);
      let draw = (mix(...drawn, epoch, given) / 0x1_0000_0000) * sum;
      const found = left.findIndex((weight) => {
        draw -= weight;
        return draw < 0;
      });
      return found >= 0 ? found : ended.lastIndexOf(false);
    };
    const nextInTurn = (): void => {
      inBlock = 0;
      do at = (at + 1) % parts.length;
      while (ended[at] && !isOver());
    };
    const read = (): unknown => {
      if (isOver()) return endOfRows;
      if (weights) at = chosen(weights);
      return parts[at]?.next();
    };
    const use = (row: unknown): unknown => {
      if (row === endOfRows) {
        if (isOver()) return endOfRows;
        ended[at] = true;
        if (!weights) nextInTurn();
        return noRow;
      }
      given++;
      if (!weights && ++inBlock >= block) nextInTurn();
      return row;
    };
    return {
      next: reading(read, use, rest),
      state: () => ({ at, inBlock, given, ended: [...ended], rows: parts.map((part) => part.state()) }),
      close() {
        closed = true;
        for (const part of parts) part.close();
      },
    };
  },
  examples: [
    {
      args: { count: 2, block: 2, weights: undefined, seed: undefined, odd: [] },
      rows: [
        [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }],
        [{ x: 11 }, { x: 12 }, { x: 13 }],
      ],
      gives: [1, 2, 11, 12, 3, 4, 13, 5].map((x) => ({ x })),
    },
    {
      args: { count: 3, block: 1, weights: [1, 3, 1], seed: 5, odd: [] },
      rows: [[{ x: 1 }, { x: 2 }], [{ x: 11 }, { x: 12 }, { x: 13 }], []],
    },
  ],
});
