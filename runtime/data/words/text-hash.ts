/** Hashing of text: the same word for the same text, on every machine. */
import { mix, scramble } from '../mix.ts';

/** One 32-bit word, unsigned. */
export function textHash(text: string, key: readonly number[]): number {
  let word = mix(...key, text.length) | 0;
  for (let at = 0; at < text.length; at++) word = scramble(word ^ text.charCodeAt(at));
  return word >>> 0;
}
