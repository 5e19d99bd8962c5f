/** Rows in memory as a cursor: for stages that go row by row. */
import type { OpenCursor } from '../../../dsl/stage.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { TableRows } from '../rows.ts';
import { rowReader } from './row-of.ts';
import { orderOf } from './view.ts';

/** A state is the number of rows given: any place can be gone to at once. */
export function tableCursor({ table, view }: TableRows): OpenCursor {
  const read = rowReader(table);
  return (epoch, from) => {
    const order = orderOf(view, epoch);
    let index = typeof from === 'number' ? from : 0;
    let closed = false;
    return {
      next: () =>
        closed || index >= order.length ? endOfRows : read(order.at(index), { epoch, index: index++ }),
      state: () => index,
      close() {
        closed = true;
      },
    };
  };
}
