/** From a text to the numbers of its words, as a column of text says. */
import { DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Column, TextHashing, TextVocabulary } from '../../../dsl/column.ts';
import { firstKnown, textProblem } from '../../../dsl/column.ts';
import type { Numbers } from '../../engines/engine.ts';
import { widthOf } from '../table/table.ts';
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
  const numberOf = numbering(column);
  const visit = wordVisitor(column);
  const width = widthOf(column);
  return (given, target, at) => {
    let next = at;
    visit(given, (word) => {
      target[next++] = numberOf(word);
    });
    target.fill(0, next, at + width);
  };
}

/** Calls a function with each of the words of a text that the column takes, in order. */
export function wordVisitor(column: Column): (given: string, visit: (word: string) => void) => void {
  const { split, distinct } = textOf(column);
  if (split === 'whole') return (given, visit) => visit(given);
  const most = widthOf(column);
  return (given, visit) => {
    const seen = distinct ? new Set<string>() : undefined;
    const whole = split === 'words' ? given.normalize('NFC').toLowerCase() : given;
    // One of its own for each text: a shared one would keep the place at which a text was left.
    const pattern = split === 'words' ? /[\p{L}\p{M}\p{N}]+/gu : /\S+/g;
    let count = 0;
    for (let found = pattern.exec(whole); found && count < most; found = pattern.exec(whole)) {
      const [word] = found;
      if (seen?.has(word)) continue;
      seen?.add(word);
      count++;
      visit(word);
    }
  };
}

/** Of a vocabulary that was not fitted, every word is unknown. */
function numbering(column: Column): (word: string) => number {
  const text = textOf(column);
  if ('vocabulary' in text) {
    const first = firstKnown(column);
    const numbers = new Map(text.known?.map((word, at) => [word, first + at]));
    return (word) => numbers.get(word) ?? first - 1;
  }
  const { buckets, seed } = text;
  const key = [seed];
  return (word) => 1 + (textHash(word, key) % (buckets - 1));
}

function textOf({ text }: Column): TextHashing | TextVocabulary {
  if (!text) throw new Error('internal: a column of text that does not say how it is read');
  return text;
}
