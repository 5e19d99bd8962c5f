/** The files of a directory that a pattern names, in the order of their names. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { topOf } from '../../../compiler/ir/span.ts';

/** In a pattern `*` stands for any characters, `?` for one, `{a,b}` for either. Names are compared by their code units. */
export function filesIn(directory: string, pattern: string): readonly string[] {
  const isMeant = expressionOf(pattern);
  const names = namesIn(directory).filter((name) => isMeant.test(name));
  if (names.length > 0) return names.sort().map((name) => join(directory, name));
  return refuse(
    DAT701({
      message: 'no file of the directory has such a name',
      span: topOf(directory),
      expected: pattern,
      received: namesIn(directory).slice(0, 5).join(', ') || 'an empty directory',
    }),
  );
}

function namesIn(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    return refuseBecause(
      DAT701({
        message: `the directory cannot be read: ${saying(error)}`,
        span: topOf(directory),
        expected: 'a directory that can be read',
        received: directory,
      }),
      error,
    );
  }
}

export function expressionOf(pattern: string): RegExp {
  let text = '';
  let depth = 0;
  for (const character of pattern) {
    if (character === '*') text += '.*';
    else if (character === '?') text += '.';
    else if (character === '{') {
      depth++;
      text += '(?:';
    } else if (character === '}' && depth > 0) {
      depth--;
      text += ')';
    } else if (character === ',' && depth > 0) text += '|';
    else text += character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
  return new RegExp(`^${text}${')'.repeat(depth)}$`, 's');
}
