/** Opens a live source with the check of its rows behind it. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import type { Cursor, StageContext } from '../../../dsl/stage.ts';
import { badRowPolicy } from './bad-rows.ts';
import type { CheckedState, SourceCursor } from './checked-cursor.ts';
import { checkedCursor } from './checked-cursor.ts';
import { RowCheck } from './row-check.ts';

export function openChecked(
  {
    args,
    schema,
    replay,
    reject,
    rest,
  }: Pick<StageContext, 'args' | 'schema' | 'replay' | 'reject' | 'rest'>,
  open: (from: unknown) => SourceCursor,
  from: unknown,
): Cursor {
  const { rowOptions = {} } = args as { readonly rowOptions?: RowOptions };
  const state = from as CheckedState | undefined;
  const policy = badRowPolicy(rowOptions, reject, replay !== 'once');
  return checkedCursor(open(state?.rows), new RowCheck(schema, rowOptions), policy, rest, state);
}
