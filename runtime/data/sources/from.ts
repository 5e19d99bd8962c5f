/** Rows of a live source: an iterable, a subscribable, one that is readable from any position, or a function that makes one. */
import type { Edge, Source } from '../../../dsl/dataset.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import { openSource } from '../live/open-source.ts';
import { liveSource } from '../stage.ts';

interface FromArgs {
  readonly source: Source<object> | (() => Source<object>);
  readonly edge: Edge;
  readonly rowOptions?: RowOptions;
}

export const from = liveSource<FromArgs, unknown>({
  name: 'from',
  check: rowOptionsProblem,
  open: ({ args, ...context }) => openSource(args.source, args.edge, context),
});
