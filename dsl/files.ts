/** Datasets in files that are read while training: JSON lines, directories of files, files that grow. */
import type { Schema } from './column.ts';
import type { CsvFormat, Dataset } from './dataset.ts';
import { knownOptions, sourceOf, unknownOptions } from './dataset.ts';
import type { RowOptions } from './row-options.ts';
import type { Replay } from './stage.ts';

export interface JsonLinesOptions<S extends Schema = Schema> extends RowOptions<S> {
  /** The property of each line's object that holds the row, as in the files of `deadLetter`. Default: the object itself. */
  readonly member?: string | undefined;
}

/**
 * Rows of files of JSON lines, one object a line, read while training, from any byte. Files may be larger than memory; endings
 * `.gz` and `.zst` are unpacked. A line that is no JSON object is a bad row (DAT716).
 *
 * ```ts
 * jsonLines('clicks.jsonl', { age: float, bought: bool }).shuffle({ buffer: 10_000 }).batch(64)
 * ```
 */
export function jsonLines<const S extends Schema>(
  files: URL | string | readonly (URL | string)[],
  schema: S,
  options: JsonLinesOptions<S> = {},
): Dataset<S> {
  const { member, ...rowOptions } = knownOptions(options);
  const list = listOf(files);
  const args = { files: list, member, rowOptions, unknown: unknownOptions(options) };
  return sourceOf('jsonLines', args, schema, true, replayOf(list));
}

export function listOf(files: URL | string | readonly (URL | string)[]): readonly (URL | string)[] {
  return isList(files) ? files : [files];
}

/** Whatever is no list is one file: what stands for a value of the run, too. */
function isList<T>(files: T | readonly T[]): files is readonly T[] {
  return Array.isArray(files);
}

/** To come to a place in a packed file it is read from its beginning. */
function replayOf(files: readonly unknown[]): Replay {
  return files.some((file) => /\.(gz|zst)$/.test(String(file))) ? 'reread' : 'seek';
}

export interface DirectoryOptions<S extends Schema = Schema> extends JsonLinesOptions<S>, CsvFormat {
  /** Which files: `*` stands for any characters, `?` for one, `{a,b}` for either. Default: all. */
  readonly pattern?: string | undefined;
  /** Default: what each file's ending says (`.jsonl`, `.ndjson`, `.csv`, `.tsv`, and these with `.gz` or `.zst`; `.parquet`, `.arrow`, `.feather`). */
  readonly format?: 'jsonl' | 'csv' | 'parquet' | 'arrow' | undefined;
}

/**
 * Rows of the files of a directory, in the order of their names; not of the directories in it.
 *
 * ```ts
 * directory('clicks', { age: float, bought: bool }, { pattern: '2024-*.jsonl.gz' })
 * ```
 */
export function directory<const S extends Schema>(
  path: URL | string,
  schema: S,
  options: DirectoryOptions<S> = {},
): Dataset<S> {
  const { pattern = '*', format, member, delimiter, header, ...rowOptions } = knownOptions(options);
  const csv = { ...(delimiter !== undefined && { delimiter }), ...(header !== undefined && { header }) };
  const args = { path, pattern, format, member, csv, rowOptions, unknown: unknownOptions(options) };
  return sourceOf('directory', args, schema, true, replayOf([pattern]));
}

export interface TailOptions<S extends Schema = Schema> extends RowOptions<S>, CsvFormat {
  /** Default `jsonl`. */
  readonly format?: 'jsonl' | 'csv' | undefined;
  /** How often the file is looked at, in milliseconds, where the system tells of no change. Default 250. */
  readonly poll?: number | undefined;
}

/**
 * Rows of a file that grows, such as a log: those that stand there, then each as it is written, without end. When the file is
 * renamed and another begun in its place, or is emptied, what was left of it is read first. A run that is resumed finds the
 * file that it was reading under the name that it has now (`app.log.1`), as long as it lies beside it, unpacked.
 *
 * ```ts
 * tail('/var/log/app.jsonl', { latency: float, failed: bool }).batch(64, { within: 1000 })
 * ```
 */
export function tail<const S extends Schema>(
  file: URL | string,
  schema: S,
  options: TailOptions<S> = {},
): Dataset<S> {
  const { format = 'jsonl', poll = 250, delimiter, header, ...rowOptions } = knownOptions(options);
  const csv = { delimiter, header };
  const args = { file, format, csv, poll, rowOptions, unknown: unknownOptions(options) };
  return sourceOf('tail', args, schema, false, 'seek');
}
