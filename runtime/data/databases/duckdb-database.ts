/** DuckDB, through its own client. */
import { peer } from '../peer.ts';
import type { Database, DatabaseRow } from './query-rows.ts';

interface Connection {
  runAndReadAll(
    sql: string,
    values: readonly unknown[],
  ): Promise<{ getRowObjectsJS(): readonly DatabaseRow[] }>;
  closeSync(): void;
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

interface DuckDb {
  readonly DuckDBInstance: { create(path: string, settings: object): Promise<Instance> };
}

export async function duckdbDatabase(path: string): Promise<Database> {
  const { DuckDBInstance } = await peer<DuckDb>('@duckdb/node-api', 'duckdb');
  const instance = await DuckDBInstance.create(path, path === ':memory:' ? {} : { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    async all(sql, values) {
      let number = 0;
      const numbered = sql.replace(/ > \? ORDER BY /, () => ` > $${++number} ORDER BY `);
      return (await connection.runAndReadAll(numbered, values)).getRowObjectsJS();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
