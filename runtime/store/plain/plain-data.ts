/**
 * Plain data as JSON, and back to the same: what JSON has no word for is a record with the one key `$`, such as
 * `{ "$": ["number", "NaN"] }`.
 */
import { plainTexts } from './plain-writer.ts';

export { decodePlain } from './plain-reader.ts';
export { NotPlain, plainTexts } from './plain-writer.ts';

/**
 * Keeps null, booleans, numbers with NaN, ±∞ and −0, strings, bigints, undefined, dates, arrays, records with or without a
 * prototype, Map, Set, and typed arrays. What stands in two places is written twice. NotPlain for anything else: functions,
 * instances of classes, cycles, more than a hundred levels.
 */
export function encodePlain(value: unknown, name = 'state'): string {
  return [...plainTexts(value, name)].join('');
}
