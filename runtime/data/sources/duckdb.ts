/** Rows of a query to DuckDB, read while training, from any key. */
import { duckdbDatabase } from '../databases/duckdb-database.ts';
import { querySource } from '../databases/query-source.ts';

export const duckdb = querySource('duckdb', duckdbDatabase);
