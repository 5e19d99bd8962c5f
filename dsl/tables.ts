/** Datasets in columnar files and in databases, through packages that are installed for them. */
import type { Schema } from './column.ts';
import type { Dataset } from './dataset.ts';
import { knownOptions, sourceOf, unknownOptions } from './dataset.ts';
import { listOf } from './files.ts';
import type { RowOptions } from './row-options.ts';

/**
 * Rows of Parquet files, a group of rows at a time, from any row. Needs the package `hyparquet`, and `hyparquet-compressors` for packings other than Snappy. Integers of 64
 * bits are taken where they fit, lists by vectors and tensors.
 *
 * ```ts
 * parquet('clicks.parquet', { age: float, bought: bool })
 * ```
 */
export function parquet<const S extends Schema>(
  files: URL | string | readonly (URL | string)[],
  schema: S,
  options: RowOptions<S> = {},
): Dataset<S> {
  return columnar('parquet', files, schema, options);
}

/** Rows of files or streams of Apache Arrow (Feather version 2 too), a batch of rows at a time. Needs the package `apache-arrow`. */
export function arrow<const S extends Schema>(
  files: URL | string | readonly (URL | string)[],
  schema: S,
  options: RowOptions<S> = {},
): Dataset<S> {
  return columnar('arrow', files, schema, options);
}

function columnar<S extends Schema>(
  name: 'parquet' | 'arrow',
  files: URL | string | readonly (URL | string)[],
  schema: S,
  options: RowOptions<S>,
): Dataset<S> {
  const rowOptions = knownOptions(options);
  const args = { files: listOf(files), rowOptions, unknown: unknownOptions(options) };
  return sourceOf(name, args, schema, true, name === 'parquet' ? 'seek' : 'reread');
}

export interface QueryOptions<S extends Schema = Schema> extends RowOptions<S> {
  /**
   * A column of the query that no two rows share and none lacks, by which rows are ordered and reading goes on. Default: none; the
   * query must then give its rows in the same order each time, and going on costs counting up to there.
   */
  readonly key?: string | undefined;
  /** How many rows are asked for at once. Default 4096. */
  readonly page?: number | undefined;
}

/**
 * Rows of a query to a file of SQLite. Needs Node 22.5, or the package `better-sqlite3`.
 *
 * ```ts
 * sqlite('shop.db', 'SELECT id, age, bought FROM visits', { age: float, bought: bool }, { key: 'id' })
 * ```
 */
export function sqlite<const S extends Schema>(
  database: URL | string,
  query: string,
  schema: S,
  options: QueryOptions<S> = {},
): Dataset<S> {
  return queried('sqlite', database, query, schema, options);
}

/**
 * Rows of a query to DuckDB: of a file, or with `:memory:` of whatever the query names, such as `'clicks/*.parquet'`. Needs the package
 * `@duckdb/node-api`.
 */
export function duckdb<const S extends Schema>(
  database: URL | string,
  query: string,
  schema: S,
  options: QueryOptions<S> = {},
): Dataset<S> {
  return queried('duckdb', database, query, schema, options);
}

function queried<S extends Schema>(
  name: 'sqlite' | 'duckdb',
  database: URL | string,
  query: string,
  schema: S,
  options: QueryOptions<S>,
): Dataset<S> {
  const { key, page = 4096, ...rowOptions } = knownOptions(options);
  const args = { database, query, key, page, rowOptions, unknown: unknownOptions(options) };
  return sourceOf(name, args, schema, true, key === undefined ? 'reread' : 'seek');
}
