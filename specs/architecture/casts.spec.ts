/** What types cannot say is told to them by hand: casts and `!`, room by room, against budgets that only fall. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { root, sources } from './source-files.ts';

interface Count {
  /** `as T`, but for `as const`. */
  readonly casts: number;
  /** `x!` */
  readonly nonNulls: number;
}

const file = join(root, 'specs/architecture/casts.json');
const budgets = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Count>>;

/** `stdlib/ops`, `compiler/5-plan`, `dsl`; files on top of a room count as the room's own. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? parts.slice(0, 2).join('/') : parts[0]!;
}

const found = new Map<string, { casts: number; nonNulls: number }>();
for (const [path, source] of sources) {
  const room = roomOf(path);
  const count = found.get(room) ?? { casts: 0, nonNulls: 0 };
  count.casts += source
    .getDescendantsOfKind(SyntaxKind.AsExpression)
    .filter((cast) => cast.getTypeNode()?.getText() !== 'const').length;
  count.nonNulls += source.getDescendantsOfKind(SyntaxKind.NonNullExpression).length;
  found.set(room, count);
}
const rooms = [...found].sort(([a], [b]) => (a < b ? -1 : 1));

if (process.env.BLESS) {
  const lower = ([room, { casts, nonNulls }]: (typeof rooms)[number]): [string, Count] => {
    const before = budgets[room] ?? { casts: 0, nonNulls: 0 };
    return [room, { casts: Math.min(casts, before.casts), nonNulls: Math.min(nonNulls, before.nonNulls) }];
  };
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(rooms.map(lower)), undefined, 2)}\n`);
}

describe('a room tells its types no more than its budget; `npm run bless -- specs/architecture` lowers what fell', () => {
  test.each(rooms)('%s', (room, { casts, nonNulls }) => {
    const budget = budgets[room] ?? { casts: 0, nonNulls: 0 };
    expect(casts, `casts in ${room}`).toBeLessThanOrEqual(budget.casts);
    expect(nonNulls, `non-null assertions in ${room}`).toBeLessThanOrEqual(budget.nonNulls);
  });

  test('budgets are of rooms that there are', () => {
    expect(Object.keys(budgets).filter((room) => !found.has(room))).toEqual([]);
  });

  test('the vocabulary is written almost without', () => {
    const { casts } = found.get('stdlib/ops')!;
    expect(casts).toBeLessThan(60);
  });
});

test('nothing is ignored, and nothing is any', () => {
  const bad: string[] = [];
  for (const [path, source] of sources) {
    if (/@ts-(ignore|expect-error|nocheck)/.test(source.getFullText()))
      bad.push(`${path} silences the compiler`);
    if (source.getDescendantsOfKind(SyntaxKind.AnyKeyword).length > 0) bad.push(`${path} says any`);
  }
  expect(bad).toEqual([]);
});
