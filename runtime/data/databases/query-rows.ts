/** The rows of a query, a page at a time, from any key. */
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';
import { plainNumber, plainRows } from '../files/foreign-rows.ts';
import { checkNames } from '../files/unreadable.ts';
import type { ChunkedRow, ChunkedSource } from '../live/chunked-cursor.ts';

export type DatabaseRow = Readonly<Record<string, unknown>>;

/** An open database. */
export interface Database {
  all(sql: string, values: readonly unknown[]): Promise<readonly DatabaseRow[]> | readonly DatabaseRow[];
  close(): void;
}

export interface QueryPosition {
  /** How many rows came before. */
  readonly rows: number;
  /** The key of the last of them. */
  readonly key?: unknown;
}

export interface Query {
  readonly database: string;
  readonly query: string;
  readonly key: string | undefined;
  readonly page: number;
}

/** With a key, a page is what comes behind the last key: the database goes there by its index. Without, rows are counted. */
export function queryRows(
  { database, query, key, page }: Query,
  schema: Schema,
  open: () => Promise<Database>,
): ChunkedSource<QueryPosition> {
  const inner = `SELECT * FROM (${query.trim().replace(/;$/, '')}) AS millrace_rows`;
  const name = key === undefined ? '' : `"${key.replaceAll('"', '""')}"`;
  const plain = plainRows(schema);
  return {
    async *open(from) {
      const opened = await told(database, open);
      let position = from ?? { rows: 0 };
      try {
        for (;;) {
          const [sql, values] =
            key === undefined
              ? [`${inner} LIMIT ${page} OFFSET ${position.rows}`, []]
              : position.rows === 0
                ? [`${inner} ORDER BY ${name} LIMIT ${page}`, []]
                : [`${inner} WHERE ${name} > ? ORDER BY ${name} LIMIT ${page}`, [position.key]];
          const rows = await told(database, async () => opened.all(sql, values));
          const [first] = rows;
          if (!first) return;
          checkNames(
            database,
            key === undefined ? schema : { ...schema, [key]: keyColumn },
            Object.keys(first),
          );
          const begun = position.rows;
          position = {
            rows: begun + rows.length,
            ...(key !== undefined && { key: plainNumber(rows.at(-1)?.[key]) }),
          };
          yield placed(rows, begun);
        }
      } finally {
        opened.close();
      }
    },
  };

  function* placed(rows: readonly DatabaseRow[], begun: number): Generator<ChunkedRow<QueryPosition>> {
    for (const [at, row] of rows.entries()) {
      const number = begun + at + 1;
      const position = { rows: number, ...(key !== undefined && { key: plainNumber(row[key]) }) };
      yield { row: plain(row), position, place: `row ${number} of the query` };
    }
  }
}

/** Stands for the column of the key, of which only the name is looked at. */
const keyColumn = { kind: 'float', shape: [], dtype: 'float32' } as const;

async function told<T>(database: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return refuseBecause(
      DAT701({
        message: `the database cannot be read: ${saying(error)}`,
        span: nowhere,
        expected: 'a database, and a query that it takes',
        received: database,
      }),
      error,
    );
  }
}
