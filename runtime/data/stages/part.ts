/** One part of a dataset that was split. */
import { DAT717 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { keptCount } from '../kept-count.ts';
import { passing } from '../live/cursor.ts';
import { mix } from '../mix.ts';
import { builtInStage } from '../stage.ts';
import { part as partOf } from '../table/build-view.ts';
import { called } from '../table/mapped-table.ts';
import { textHash } from '../words/text-hash.ts';

interface PartArgs {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly by: ((row: never) => string | number) | undefined;
}

interface PartState {
  /** How many rows of the whole were seen. */
  readonly place: number;
  readonly rows: unknown;
}

/**
 * Of rows in memory the shares are exact. Of others the length is not known, so each row is assigned by a draw, on what `by`
 * says of it or else on its place: the same in every epoch and for every part, so that no row is in two.
 */
export const part = builtInStage<PartArgs, PartState>({
  name: 'split',
  check({ from, to, by }) {
    // Shares are added up in floating point.
    if (!(from >= 0 && to > from && to <= 1 + 1e-9)) return 'shares above 0 that add up to 1 at most';
    return by === undefined || typeof by === 'function' ? undefined : 'a function of a row as by';
  },
  onTable: ({ table, view }, { args: { from, to, by }, key }) =>
    by ? undefined : { kind: 'table', table, view: partOf(view, from, to, key) },
  open({ args, epoch, from, open, key, rest, replay }) {
    if (!args.by && replay === 'once') refuseHot();
    const rows = open(epoch, from?.rows);
    let place = keptCount(from?.place);
    const isMine = (row: unknown): boolean => {
      const at = place++;
      const draw = args.by ? textHash(String(called('split', at, args.by, row)), key) : mix(...key, at);
      const share = draw / 0x1_0000_0000;
      return share >= args.from && share < args.to;
    };
    return {
      next: passing(rows, isMine, rest),
      state: () => ({ place, rows: rows.state() }),
      close: () => rows.close(),
    };
  },
  examples: [
    {
      args: { name: 'train', from: 0, to: 0.5, by: undefined },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }, { x: 6 }]],
    },
    {
      args: { name: 'test', from: 0.5, to: 1, by: ({ x }: { readonly x: number }) => x },
      rows: [[{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }, { x: 5 }, { x: 6 }]],
    },
  ],
});

function refuseHot(): never {
  return refuse(
    DAT717({
      message: 'a source that cannot be read again cannot be split by place: each part would see other rows',
      span: nowhere,
      expected: 'a source that is opened anew for each part, or a split by what the rows hold',
      received: 'a source that gives its rows once',
      hint: 'split(data, { train: 0.8, test: 0.2 }, { by: (row) => row.id }), or from(schema, () => source)',
    }),
  );
}
