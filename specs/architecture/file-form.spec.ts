/** Files are short, say in a sentence what they are, and keep to the type system. */
import { SyntaxKind } from 'ts-morph';
import { expect, test } from 'vitest';
import { filesUnder, houses, root, sources, textOf } from './source-files.ts';

const generated = new Set(['stdlib/index.ts', 'stdlib/cards.ts', 'stdlib/rules.ts']);

const lines = (text: string): number => text.split('\n').length - 1;

test('files are short: median ≤ 80 lines, nine of ten ≤ 250, none over 400', () => {
  const sizes = [...sources.keys()]
    .filter((path) => !generated.has(path))
    .map((path) => ({ path, size: lines(textOf(path)) }))
    .sort((a, b) => a.size - b.size);
  expect(sizes.filter(({ size }) => size > 400)).toEqual([]);
  expect(sizes[Math.floor(sizes.length / 2)]!.size).toBeLessThanOrEqual(80);
  expect(sizes[Math.floor(sizes.length * 0.9)]!.size).toBeLessThanOrEqual(250);
});

test('each file opens with a sentence on what it is', () => {
  const written = [...houses, 'specs', 'scripts', 'bench', 'examples']
    .flatMap((folder) => [...filesUnder(folder, '.ts'), ...filesUnder(folder, '.mjs')])
    .filter((path) => !path.startsWith('specs/diagnostics/') || path.endsWith('.spec.ts'));
  const bare = written.filter((path) => !/^(#!.*\n)?\/\*\*[\s\S]*?\S[\s\S]*?\*\//.test(textOf(path)));
  expect(bare).toEqual([]);
  expect(written.length).toBeGreaterThan(300);
});

test('no file is called after nothing in particular', () => {
  const vague = [...sources.keys()].filter((path) => /\/(utils?|helpers?|misc|common|lib)\.ts$/.test(path));
  expect(vague).toEqual([]);
});

test('no any and no silenced type error', () => {
  const found: string[] = [];
  for (const [path, file] of sources) {
    for (const word of file.getDescendantsOfKind(SyntaxKind.AnyKeyword)) {
      found.push(`${path}:${word.getStartLineNumber()} any`);
    }
    if (/@ts-(ignore|expect-error|nocheck)/.test(file.getFullText()))
      found.push(`${path} silences the type checker`);
  }
  expect(found).toEqual([]);
});

test('no test is skipped, singled out or promised', () => {
  const found = filesUnder('specs', '.spec.ts').filter((path) =>
    /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\b/.test(textOf(path)),
  );
  expect(found).toEqual([]);
  expect(root).toMatch(/\/$/);
});
