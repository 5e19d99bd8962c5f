/** Rows of a query to SQLite, read while training, from any key. */

import { querySource } from '../databases/query-source.ts';
import { sqliteDatabase } from '../databases/sqlite-database.ts';

export const sqlite = querySource('sqlite', sqliteDatabase);
