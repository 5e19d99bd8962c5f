/** Datasets in files that are read while training: JSON lines, directories of files, files that grow. */
import type { Schema } from './column.ts';
import { Dataset, knownOptions, sourceOf, unknownOptions } from './dataset.ts';
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
  return new Dataset(schema, sourceOf('jsonLines', args, schema, true, replayOf(list)));
}

export function listOf<T>(files: T | readonly T[]): readonly T[] {
  return Array.isArray(files) ? files : [files as T];
}

/** To come to a place in a packed file it is read from its beginning. */
function replayOf(files: readonly unknown[]): Replay {
  return files.some((file) => /\.(gz|zst)$/.test(String(file))) ? 'reread' : 'seek';
}
