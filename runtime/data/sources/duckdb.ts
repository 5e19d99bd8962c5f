/** Rows of a query to DuckDB, read while training, from any key. */
import type { RowOptions } from '../../../dsl/row-options.ts';
import { duckdbDatabase } from '../databases/duckdb-database.ts';
import type { QueryPosition } from '../databases/query-rows.ts';
import { queryRows } from '../databases/query-rows.ts';
import { pathOf } from '../files/path-of.ts';
import { rowOptionsProblem } from '../intake/bad-rows.ts';
import type { ChunkedState } from '../live/chunked-cursor.ts';
import { chunkedCursor } from '../live/chunked-cursor.ts';
import { liveSource } from '../stage.ts';

interface QueryArgs {
  readonly database: URL | string;
  readonly query: string;
  readonly key: string | undefined;
  readonly page: number;
  readonly rowOptions: RowOptions;
}

export const duckdb = liveSource<QueryArgs, ChunkedState<QueryPosition>>({
  name: 'duckdb',
  check(args) {
    if (typeof args.query !== 'string') return 'a query, as text';
    if (!(Number.isInteger(args.page) && args.page > 0)) return 'a whole number of rows as page';
    return rowOptionsProblem(args);
  },
  open({ args, schema, ...context }) {
    const database = pathOf(args.database, 'duckdb');
    const query = { ...args, database };
    return chunkedCursor(
      queryRows(query, schema, () => duckdbDatabase(database)),
      context,
    );
  },
});
