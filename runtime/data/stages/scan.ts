/** One row for each row, from it and what host code keeps from row to row. */
import { DAT714 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { keptCount } from '../kept-count.ts';
import { whenThere } from '../live/cursor.ts';
import { builtInStage } from '../stage.ts';
import { calledNow } from '../table/mapped-table.ts';
import { valueText } from '../value-text.ts';

interface ScanArgs {
  readonly initial: unknown;
  // A method, so that functions of whatever is kept can stand here.
  scan(kept: unknown, row: never): unknown;
}

interface ScanState {
  readonly count: number;
  readonly kept: unknown;
  readonly rows: unknown;
}

/** What is kept is copied when it is written down, so that host code may change it in place. */
export const scan = builtInStage<ScanArgs, ScanState>({
  name: 'scan',
  check: ({ scan }) => (typeof scan === 'function' ? undefined : 'a schema, what is kept, and a function'),
  open({ args, epoch, from, open }) {
    const rows = open(epoch, from?.rows);
    let count = keptCount(from?.count);
    let kept = copied(from ? from.kept : args.initial);
    const step = (row: unknown): unknown => {
      const given = calledNow('scan', count++, (one: never) => args.scan(kept, one), row);
      if (!Array.isArray(given) || given.length !== 2) refuseGiven(given);
      const [next, out]: readonly unknown[] = given;
      kept = next;
      return out;
    };
    return {
      next: () => whenThere(rows.next(), step),
      state: () => ({ count, kept: copied(kept), rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: {
        initial: { sum: 0, all: [] },
        scan(state: { sum: number; readonly all: number[] }, { x }: { readonly x: number }) {
          state.sum += x;
          state.all.push(x);
          return [state, { sum: state.sum, count: state.all.length }];
        },
      },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }]],
      gives: [
        { sum: 1, count: 1 },
        { sum: 3, count: 2 },
        { sum: 6, count: 3 },
      ],
    },
  ],
});

function copied(kept: unknown): unknown {
  try {
    return structuredClone(kept);
  } catch {
    return refuse(
      DAT714({
        message: 'scan keeps something that cannot be written down',
        span: nowhere,
        expected: 'numbers, text, and lists and records of these',
        received: valueText(kept),
      }),
    );
  }
}

function refuseGiven(given: unknown): never {
  return refuse(
    DAT714({
      message: 'scan gave something else than what it keeps and a row',
      span: nowhere,
      expected: '[kept, row]',
      received: valueText(given),
    }),
  );
}
