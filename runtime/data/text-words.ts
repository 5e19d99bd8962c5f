/** From a text to the numbers of its words, as a column of text says. */
import { DAT715 } from '../../compiler/diagnostics/data.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Column } from '../../dsl/column.ts';
import { textProblem } from '../../dsl/column.ts';
import type { Numbers } from '../engines/engine.ts';
import { widthOf } from './table/table.ts';
import { textHash } from './text-hash.ts';

/** Writes the numbers of a text's words at `target[at]` and on, and 0 after the last. */
export type TextWriter = (text: string, target: Numbers, at: number) => void;

export function textWriter(name: string, column: Column): TextWriter {
  const { text } = column;
  const expected = textProblem(column);
  if (expected !== undefined) {
    const received = JSON.stringify({ words: column.shape[0], ...text });
    const message = `text of column ${name} takes ${expected}`;
    refuse(DAT715({ message, span: nowhere, expected, received }));
  }
  if (!text) throw new Error('internal: a column of text without its hashing');
  const { buckets, seed, split, distinct } = text;
  const width = widthOf(column);
  const key = [seed];
  return (given, target, at) => {
    const end = at + width;
    const seen = distinct ? new Set<string>() : undefined;
    const whole = split === 'words' ? given.normalize('NFC').toLowerCase() : given;
    // One of its own for each text: a shared one would keep the place at which a text was left.
    const pattern = split === 'words' ? /[\p{L}\p{M}\p{N}]+/gu : /\S+/g;
    let next = at;
    for (let found = pattern.exec(whole); found && next < end; found = pattern.exec(whole)) {
      const [word] = found;
      if (seen?.has(word)) continue;
      seen?.add(word);
      target[next++] = 1 + (textHash(word, key) % (buckets - 1));
    }
    target.fill(0, next, end);
  };
}
