/** SQLite, by Node itself where it has it, else by better-sqlite3. */
import { peer } from '../peer.ts';
import type { Database, DatabaseRow } from './query-rows.ts';

interface Connection {
  prepare(sql: string): { all(...values: readonly unknown[]): readonly DatabaseRow[] };
  close(): void;
}

type Maker = new (path: string, settings: object) => Connection;

export async function sqliteDatabase(path: string): Promise<Database> {
  const connection = await connected(path);
  return {
    all: (sql, values) => connection.prepare(sql).all(...values),
    close: () => connection.close(),
  };
}

async function connected(path: string): Promise<Connection> {
  const own = await ownSqlite();
  if (own) return new own(path, { readOnly: true });
  const { default: Sqlite } = await peer<{ readonly default: Maker }>(
    'better-sqlite3',
    'sqlite, before Node 22.5,',
  );
  return new Sqlite(path, { readonly: true, fileMustExist: true });
}

async function ownSqlite(): Promise<Maker | undefined> {
  // By a name that is not written out: older ones would not load this file.
  const name = 'node:sqlite';
  try {
    const { DatabaseSync }: { readonly DatabaseSync: Maker } = await import(name);
    return DatabaseSync;
  } catch {
    return undefined;
  }
}
