/** A column with what a category's target has been on average, in the rows before. */
import { whenThere } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { isRoom } from './checks.ts';

interface TargetEncodeArgs {
  readonly name: string;
  readonly of: string;
  readonly target: string;
  readonly smoothing: number;
  readonly prior: number | undefined;
  readonly capacity: number;
  /** Why the columns will not do. */
  readonly problem: string | undefined;
}

/** How many rows there were, and the sum of their targets. */
type Sum = readonly [rows: number, total: number];

interface TargetEncodeState {
  readonly all: Sum;
  /** By category, that which was seen longest ago first. */
  readonly sums: readonly (readonly [category: unknown, sum: Sum])[];
  readonly rows: unknown;
}

/** A row is encoded before its own target is counted, so that nothing of the answer leaks into the question. */
export const targetEncode = builtInStage<TargetEncodeArgs, TargetEncodeState>({
  name: 'targetEncode',
  check({ smoothing, prior, capacity, problem }) {
    if (problem !== undefined) return problem;
    if (!(smoothing >= 0 && Number.isFinite(smoothing))) return 'a smoothing of 0 or more';
    if (prior !== undefined && !Number.isFinite(prior)) return 'a finite number as prior';
    return isRoom(capacity) ? undefined : 'a capacity of one category or more';
  },
  open({ args, epoch, from, open }) {
    const { name, of, target, smoothing, prior, capacity } = args;
    const rows = open(epoch, from?.rows);
    const sums = new Map<unknown, Sum>(from?.sums);
    let all: Sum = from?.all ?? [0, 0];
    const encoded = (row: unknown): object => {
      const given = Object(row);
      const category: unknown = Reflect.get(given, of);
      const value = Number(Reflect.get(given, target));
      const [count, total] = sums.get(category) ?? [0, 0];
      const before = prior ?? (all[0] === 0 ? 0 : all[1] / all[0]);
      const weight = count + smoothing;
      const mean = weight === 0 ? before : (total + smoothing * before) / weight;
      sums.delete(category);
      sums.set(category, [count + 1, total + value]);
      const [oldest] = sums.keys();
      if (sums.size > capacity) sums.delete(oldest);
      all = [all[0] + 1, all[1] + value];
      return Object.assign({}, row, { [name]: mean });
    };
    return {
      next: () => whenThere(rows.next(), encoded),
      state: () => ({ all, sums: [...sums], rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: { name: 'm', of: 'c', target: 'y', smoothing: 1, prior: 0.5, capacity: 9, problem: undefined },
      rows: [
        [
          { c: 'a', y: 1 },
          { c: 'a', y: 0 },
          { c: 'b', y: 1 },
          { c: 'a', y: 1 },
        ],
      ],
      gives: [
        { c: 'a', y: 1, m: 0.5 },
        { c: 'a', y: 0, m: 0.75 },
        { c: 'b', y: 1, m: 0.5 },
        { c: 'a', y: 1, m: 0.5 },
      ],
    },
    {
      args: {
        name: 'm',
        of: 'c',
        target: 'y',
        smoothing: 0,
        prior: undefined,
        capacity: 1,
        problem: undefined,
      },
      rows: [
        [
          { c: 1, y: true },
          { c: 2, y: false },
          { c: 2, y: true },
          { c: 1, y: true },
        ],
      ],
      gives: [
        { c: 1, y: true, m: 0 },
        { c: 2, y: false, m: 1 },
        { c: 2, y: true, m: 0 },
        { c: 1, y: true, m: 2 / 3 },
      ],
    },
  ],
});
