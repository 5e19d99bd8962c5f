/** What every source may be told about its rows: what stands for a missing value, how they are validated, what becomes of bad ones. */
import type { Row, Schema } from './column.ts';
import type { StandardSchema } from './standard-schema.ts';

/** A file of JSON lines to which bad rows are written. */
export interface DeadLetter {
  readonly deadLetter: URL | string;
}

/**
 * Writes bad rows to a file instead of failing, one a line: `{"place": …, "reason": …, "row": …}`. A row that stands there
 * already, from an earlier epoch or before a crash, is not written again. Mended, they are read by
 * `jsonLines(file, schema, { member: 'row' })`.
 *
 * ```ts
 * csv('readings.csv', schema, { onBadRow: deadLetter('bad.jsonl') })
 * ```
 */
export function deadLetter(file: URL | string): DeadLetter {
  return { deadLetter: file };
}

/** `fail`: the run fails at the first bad row. `skip`: it is passed over, and counted. Or it is written to a file, and counted. */
export type OnBadRow = 'fail' | 'skip' | DeadLetter;

/**
 * What stands for a value that is missing: undefined, null, an empty field. `error`: nothing, such a row is bad. `nan`: not a
 * number, for real numbers; missing values of other kinds are bad. Or a value for each column that may lack one.
 */
export type Missing<S extends Schema = Schema> =
  | 'error'
  | 'nan'
  | { readonly [K in keyof S]?: Row<S>[K] | undefined };

export interface RowOptions<S extends Schema = Schema> {
  /** Default `fail`. */
  readonly onBadRow?: OnBadRow | undefined;
  /** Default `error`. */
  readonly missing?: Missing<S> | undefined;
  /**
   * A validator of any library that keeps to Standard Schema, such as `z.object(…)`. It sees rows as they come (those of
   * files of text as their columns read them), and gives them on, transformed where it does so.
   */
  readonly validate?: StandardSchema<unknown, Row<S>> | undefined;
}

/** What a source gives in place of a row that it cannot make out: `onBadRow` says what becomes of it. */
export class BadRow {
  readonly reason: string;
  /** As it came. */
  readonly row: unknown;

  constructor(row: unknown, reason: string) {
    this.row = row;
    this.reason = reason;
  }
}
