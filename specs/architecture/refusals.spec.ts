/** A user is refused with a diagnostic; a bare error is for broken invariants of ours and says so. */
import type { NewExpression } from 'ts-morph';
import { SyntaxKind } from 'ts-morph';
import { expect, test } from 'vitest';
import { sources } from './source-files.ts';

/** Errors that carry diagnostics, and the command line's way to say that it was called wrongly. */
const carriers = new Set(['DiagnosticError', 'UsageError']);

/** Errors that refuse nobody. */
const exceptions: readonly { readonly path: string; readonly text: string; readonly why: string }[] = [];

function isInternal(made: NewExpression): boolean {
  const [message] = made.getArguments();
  return /^['"`]internal: /.test(message?.getText() ?? '');
}

test('no error is made but diagnostics and internal ones', () => {
  const bare: string[] = [];
  let seen = 0;
  for (const [path, file] of sources) {
    for (const made of file.getDescendantsOfKind(SyntaxKind.NewExpression)) {
      const name = made.getExpression().getText();
      if (!name.endsWith('Error')) continue;
      seen++;
      if (carriers.has(name) || isInternal(made)) continue;
      if (exceptions.some(({ path: place, text }) => place === path && text === made.getText())) continue;
      bare.push(`${path}:${made.getStartLineNumber()} ${made.getText().slice(0, 80)}`);
    }
  }
  expect(bare).toEqual([]);
  expect(seen).toBeGreaterThan(20);
});

test('nothing is thrown but errors', () => {
  const odd: string[] = [];
  for (const [path, file] of sources) {
    for (const thrown of file.getDescendantsOfKind(SyntaxKind.ThrowStatement)) {
      const kind = thrown.getExpression()?.getKind();
      if (kind === SyntaxKind.StringLiteral || kind === SyntaxKind.ObjectLiteralExpression) {
        odd.push(`${path}:${thrown.getStartLineNumber()}`);
      }
    }
  }
  expect(odd).toEqual([]);
});
