/** Makes the source of a kind of database: rows of a query, read while training, from any key. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { pathOf } from '../files/path-of.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import type { LiveSource } from '../stage.ts';
import { liveSource } from '../stage.ts';
import type { Database, QueryPosition } from './query-rows.ts';
import { queryRows } from './query-rows.ts';

export interface QueryArgs {
  readonly database: URL | string;
  readonly query: string;
  readonly key: string | undefined;
  readonly page: number;
  readonly rowOptions: RowOptions;
}

export function querySource(
  name: string,
  openDatabase: (path: string) => Promise<Database>,
): LiveSource<QueryArgs, ChunkedState<QueryPosition>> {
  return liveSource({
    name,
    check(args) {
      if (typeof args.query !== 'string') return 'a query, as text';
      if (!(Number.isInteger(args.page) && args.page > 0)) return 'a whole number of rows as page';
      return rowOptionsProblem(args);
    },
    open({ args, schema, ...context }) {
      const database = pathOf(args.database, name);
      const query = { ...args, database };
      return chunkedCursor(
        queryRows(query, schema, () => openDatabase(database)),
        context,
      );
    },
  });
}
