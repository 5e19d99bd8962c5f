/** Compiler phases and engines read cards; none of them knows an op by name. */
import type { Expression } from 'ts-morph';
import { SyntaxKind } from 'ts-morph';
import { expect, test } from 'vitest';
import { leafCards } from '../../compiler/op/leaf.ts';
import { cards } from '../../stdlib/cards.ts';
import { sources } from './source-files.ts';

/** The members of a union of string literals in a contract file: a closed vocabulary of the compiler's own. */
function union(path: string, alias: string): string[] {
  return sources
    .get(path)!
    .getTypeAliasOrThrow(alias)
    .getDescendantsOfKind(SyntaxKind.StringLiteral)
    .map((literal) => literal.getLiteralValue());
}

/** Words that are also names of ops, where they mean something else. */
const otherMeanings: readonly {
  readonly in: string;
  readonly words: readonly string[];
  readonly why: string;
}[] = [
  { in: 'compiler/', words: union('compiler/op/card.ts', 'Kind'), why: 'kinds of ops' },
  { in: 'compiler/', words: union('compiler/op/card.ts', 'Movement'), why: 'ways to move elements' },
  { in: 'compiler/5-plan/', words: ['add', 'multiply', 'max', 'min'], why: 'the folds of reductions' },
  { in: 'compiler/6-emit/', words: ['add', 'multiply', 'max', 'min'], why: 'the folds of reductions' },
  { in: 'compiler/6-emit/', words: union('compiler/op/scalar.ts', 'ScalarOp'), why: 'the scalar language' },
  {
    in: 'compiler/2-check/',
    words: ['mean'],
    why: 'a metric that averages over rows, told from one with a formula',
  },
  { in: 'compiler/programs/', words: ['mean'], why: 'the same' },
];

const passes = ['compiler/', 'runtime/engines/'];
/**
 * Left out: cards are defined in `op`; the static reader speaks TypeScript, which has an Array.concat and a Math.exp of
 * its own, and says which ops its operators mean.
 */
const others = ['compiler/op/', 'compiler/diagnostics/', 'compiler/1-read/interpreter/'];

const names = new Set(cards.map(({ name }) => name));
/** Names of leaves as well: they are words of other meanings too, and are looked for where cards are asked only. */
const known = new Set([...names, ...leafCards.map(({ name }) => name)]);
/** Where leaves are made. */
const makers = new Set(['compiler/programs/state-leaf.ts']);
const files = [...sources].filter(
  ([path]) => passes.some((room) => path.startsWith(room)) && !others.some((room) => path.startsWith(room)),
);

test('no pass and no engine has the name of an op in it', () => {
  const named: string[] = [];
  let literals = 0;
  for (const [path, file] of files) {
    for (const literal of file.getDescendantsOfKind(SyntaxKind.StringLiteral)) {
      literals++;
      const word = literal.getLiteralValue();
      if (!names.has(word)) continue;
      if (otherMeanings.some((other) => path.startsWith(other.in) && other.words.includes(word))) continue;
      named.push(`${path}:${literal.getStartLineNumber()} names ${word}`);
    }
  }
  expect(named).toEqual([]);
  expect(names.size).toBeGreaterThan(60);
  expect(literals).toBeGreaterThan(400);
});

test('no pass and no engine asks for the name of a card, leaves included', () => {
  const asked: string[] = [];
  for (const [path, file] of files) {
    for (const { left, right, line } of comparisons(file)) {
      if (/\bcard\.name$/.test(left) || (/\bname$/.test(left) && known.has(right)))
        asked.push(`${path}:${line} ${left} is ${right}`);
    }
    for (const { text, line } of switchesOn(file, /\bcard\.name$/)) asked.push(`${path}:${line} ${text}`);
    for (const match of file
      .getFullText()
      .matchAll(/\bcards\.get\(\s*['"`]|\b(?:input|param|state|constant|literal|dimension|iota)Card\b/g)) {
      if (!makers.has(path)) asked.push(`${path} asks for a card at offset ${match.index}`);
    }
  }
  expect(asked).toEqual([]);
});

test('no pass and no engine reads an option by its name: cards say what passes may know', () => {
  const read: string[] = [];
  let whole = 0;
  for (const [path, file] of files) {
    for (const access of file.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)) {
      if (access.getName() === 'attributes') whole++;
      if (isOptions(access.getExpression()))
        read.push(`${path}:${access.getStartLineNumber()} ${access.getText()}`);
    }
    for (const access of file.getDescendantsOfKind(SyntaxKind.ElementAccessExpression)) {
      const isNamed = access.getArgumentExpression()?.isKind(SyntaxKind.StringLiteral);
      if (isNamed && isOptions(access.getExpression()))
        read.push(`${path}:${access.getStartLineNumber()} ${access.getText()}`);
    }
    for (const cast of file.getDescendantsOfKind(SyntaxKind.AsExpression)) {
      if (isOptions(cast.getExpression()))
        read.push(`${path}:${cast.getStartLineNumber()} ${cast.getText()}`);
    }
    for (const variable of file.getDescendantsOfKind(SyntaxKind.VariableDeclaration)) {
      const from = variable.getInitializer();
      if (from && isOptions(from) && variable.getNameNode().isKind(SyntaxKind.ObjectBindingPattern))
        read.push(`${path}:${variable.getStartLineNumber()} ${variable.getText()}`);
    }
  }
  expect(read).toEqual([]);
  expect(whole).toBeGreaterThan(10);
});

/** Whether an expression is a node's options: `attributes`, `node.attributes`. */
function isOptions(expression: Expression): boolean {
  return /(?:^|\.)attributes$/.test(expression.getText());
}

function switchesOn(file: (typeof files)[number][1], what: RegExp): { text: string; line: number }[] {
  return file
    .getDescendantsOfKind(SyntaxKind.SwitchStatement)
    .map((found) => ({ text: found.getExpression().getText(), line: found.getStartLineNumber() }))
    .filter(({ text }) => what.test(text));
}

function comparisons(file: (typeof files)[number][1]): { left: string; right: string; line: number }[] {
  return file.getDescendantsOfKind(SyntaxKind.BinaryExpression).flatMap((comparison) => {
    const right = comparison.getRight().asKind(SyntaxKind.StringLiteral)?.getLiteralValue();
    const left = comparison.getLeft().getText();
    return right === undefined ? [] : [{ left, right, line: comparison.getStartLineNumber() }];
  });
}
