/** Every word of the glossary is used in the files that it is said to stand in, and means one thing. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesUnder, root, textOf } from './source-files.ts';

interface Entry {
  readonly word: string;
  readonly meaning: string;
  readonly places: readonly string[];
}

const entries = [
  ...textOf('docs/glossary.md').matchAll(/^\| (?!word|---)([^|]+) \| (.+) \| ([^|]+) \|$/gm),
].map(
  ([, word, meaning, places]): Entry => ({
    word: word!.replace(/^to /, ''),
    meaning: meaning!,
    places: [...places!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  }),
);

/** Words that newcomers do not know, and what is said instead. */
const retired: Readonly<Record<string, string>> = {
  dear: 'expensive',
  dearer: 'more expensive',
  servant: 'worker',
  obey: 'carry out',
};

test('words stand where the glossary says', () => {
  const lost = entries.flatMap(({ word, places }) =>
    places.filter((place) => {
      if (!existsSync(join(root, place))) return true;
      return (
        statSync(join(root, place)).isFile() &&
        place.endsWith('.ts') &&
        !new RegExp(word, 'i').test(place + textOf(place))
      );
    }),
  );
  expect(lost).toEqual([]);
  expect(entries.length).toBeGreaterThan(45);
});

test('no word is explained twice', () => {
  const words = entries.map(({ word }) => word);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
});

test('retired words stay away', () => {
  const found: string[] = [];
  for (const path of ['dsl', 'compiler', 'stdlib', 'runtime', 'cli', 'laws'].flatMap((room) =>
    filesUnder(room, '.ts'),
  ))
    for (const [word, instead] of Object.entries(retired))
      if (new RegExp(`\\b${word}\\b`, 'i').test(textOf(path)))
        found.push(`${path}: ${word}, rather ${instead}`);
  expect(found).toEqual([]);
});
