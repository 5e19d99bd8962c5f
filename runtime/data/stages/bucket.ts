/** Rows in groups that are about as long as each other: a row waits until its group is full. */

import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import { noRow } from '../../../dsl/row-ahead.ts';
import type { StageState } from '../../../dsl/stage-cursor.ts';
import { stageCursor } from '../../../dsl/stage-cursor.ts';
import { builtInStage } from '../stage.ts';
import { valueText } from '../value-text.ts';
import { isRoom } from './checks.ts';

interface BucketArgs {
  /** Rows of a group. */
  readonly size: number;
  readonly by: string | ((row: never) => number) | undefined;
  /** In order: a row belongs to the first that is not shorter than it is, or to those that are longer than all. */
  readonly lengths: readonly number[];
  /** How many rows may wait, in reports. */
  readonly buffer: number;
}

interface BucketState {
  readonly waiting: readonly (readonly unknown[])[];
  /** Rows of a full group that are still to be given. */
  readonly full: readonly unknown[];
}

/** Groups are given as they are full, at the end of the rows what waits, the shortest first. */
export const bucket = builtInStage<BucketArgs, StageState<BucketState>>({
  name: 'bucket',
  check({ size, by, lengths }) {
    if (!isRoom(size)) return 'a batch of one row or more';
    if (by !== undefined && typeof by !== 'string' && typeof by !== 'function')
      return 'by: a column, or a function of a row';
    if (!Array.isArray(lengths) || lengths.length === 0 || !lengths.every((length) => isRoom(length)))
      return 'lengths, or a column of sequences: whole numbers from 1 up';
    return undefined;
  },
  open: (context) =>
    stageCursor(context, (from) => {
      const { args, schema, holds } = context;
      const { size, lengths } = args;
      const lengthOf = measure(args.by, schema);
      const waiting = [...lengths, 0].map((_, at): unknown[] => [...(from?.waiting[at] ?? [])]);
      const full: unknown[] = [...(from?.full ?? [])];
      holds(() => waiting.reduce((rows, group) => rows + group.length, full.length));
      const flush = (): void => {
        for (const group of waiting) full.push(...group.splice(0));
      };
      return {
        take(row) {
          const length = lengthOf(row);
          const at = lengths.findIndex((each) => length <= each);
          const group = waiting.at(at);
          group?.push(row);
          if (group && group.length >= size) full.push(...group.splice(0));
          return noRow;
        },
        more: () => (full.length > 0 ? full.shift() : noRow),
        end: flush,
        state: () => ({ waiting: waiting.map((group) => [...group]), full: [...full] }),
      };
    }),
  examples: [
    {
      args: { size: 2, by: (row: { x: number }) => row.x, lengths: [2, 4], buffer: 6 },
      rows: [[{ x: 1 }, { x: 3 }, { x: 9 }, { x: 2 }, { x: 4 }, { x: 1 }]],
      gives: [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 1 }, { x: 9 }],
      holds: 6,
    },
  ],
});

/** How long a row is. */
function measure(by: BucketArgs['by'], schema: Schema): (row: unknown) => number {
  if (typeof by === 'function') {
    return (row) => {
      // The function takes rows of the schema.
      const length: unknown = by(row as never);
      return typeof length === 'number' && !Number.isNaN(length) ? length : noLength(length);
    };
  }
  const names = by === undefined ? Object.keys(schema).filter((name) => schema[name]?.items) : [by];
  return (row) => Math.max(0, ...names.map((name) => lengthOfValue(Reflect.get(Object(row), name))));
}

function lengthOfValue(value: unknown): number {
  const length: unknown = Object(value).length;
  return typeof length === 'number' ? length : noLength(value);
}

function noLength(value: unknown): never {
  return refuse(
    DAT705({
      message: 'a row is put into a bucket by what is no length',
      span: nowhere,
      expected: 'a list, a text, or a number from 0 up',
      received: valueText(value),
    }),
  );
}
