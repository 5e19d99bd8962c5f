/** How diagnostics look: the frame of the design page, to the character. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Details } from '../../compiler/diagnostics/diagnostic.ts';
import { defineDiagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { displayWidth } from '../../compiler/diagnostics/display-width.ts';
import { render, toJson } from '../../compiler/diagnostics/render.ts';
import type { Span } from '../../compiler/ir/span.ts';

const SHP201 = defineDiagnostic('SHP201', 'sample');

function spanOf(file: string, text: string, part: string): Span {
  const from = text.indexOf(part);
  const lines = text.slice(0, from).split('\n');
  const ends = text.slice(0, from + part.length).split('\n');
  const [line, endLine] = [lines.length, ends.length];
  return { file, line, column: lines.at(-1)!.length + 1, endLine, endColumn: ends.at(-1)!.length + 1 };
}

function shown(files: Readonly<Record<string, string>>, details: Details, colour = false): string {
  return render(SHP201(details), { source: (file) => files[file], colour });
}

test('the example of the design page', () => {
  const lines = Array.from({ length: 14 }, () => '');
  lines[8] = 'const w2 = param([784, 10])';
  lines[13] = 'const logits = matmul(hidden, w2)';
  const text = lines.join('\n');
  const file = 'examples/mnist.ts';
  const details = {
    message: 'matmul cannot contract 784 with 128',
    span: spanOf(file, text, 'matmul(hidden, w2)'),
    label: 'last axis of hidden (128) meets first axis of w2 (784)',
    labels: [{ span: spanOf(file, text, 'param([784, 10])'), text: 'w2 : f32[784, 10] is declared here' }],
    expected: 'w2 : f32[128, _]',
    received: 'w2 : f32[784, 10]',
    hint: 'hidden comes from dense(128) at line 12; declare w2 as param([128, 10])',
  };
  expect(shown({ [file]: text }, details)).toBe(
    `
error SHP201: matmul cannot contract 784 with 128
  ┌─ examples/mnist.ts:14:16
  │
9 │ const w2 = param([784, 10])
  │            ---------------- w2 : f32[784, 10] is declared here
14│ const logits = matmul(hidden, w2)
  │                ^^^^^^^^^^^^^^^^^^ last axis of hidden (128) meets first axis of w2 (784)
  = expected  w2 : f32[128, _]
  = received  w2 : f32[784, 10]
  = hint      hidden comes from dense(128) at line 12; declare w2 as param([128, 10])
  = more      millrace explain SHP201`.trimStart(),
  );
});

test('tabs, wide characters, several marks on a line, other files, callers', () => {
  const text = 'const 層 = 1;\n\tadd(層, "é\u0301🙂", wide)';
  const other = 'export const wide = 3';
  const details = {
    message: 'no',
    span: { ...spanOf('a.ts', text, 'wide'), via: [spanOf('b.ts', other, '3')] },
    label: 'here',
    labels: [
      { span: spanOf('a.ts', text, '層, '), text: 'first' },
      { span: spanOf('b.ts', other, 'wide'), text: 'declared' },
    ],
  };
  expect(shown({ 'a.ts': text, 'b.ts': other }, details)).toBe(
    `
error SHP201: no
  ┌─ a.ts:2:17
  │
2 │   add(層, "é\u0301🙂", wide)
  │                  ^^^^ here
  │       ---- first
  ┌─ b.ts:1:14
  │
1 │ export const wide = 3
  │              ---- declared
  = called    b.ts:1:21
  = more      millrace explain SHP201`.trimStart(),
  );
});

test('a place of many lines shows its beginning and its end', () => {
  const text = ['f(', ...Array.from({ length: 10 }, (_, i) => `  ${i},`), ');'].join('\n');
  expect(
    shown(
      { 'a.ts': text },
      { message: 'no', span: spanOf('a.ts', text, text.slice(0, -1)), label: 'all of it' },
    ),
  ).toBe(
    `
error SHP201: no
  ┌─ a.ts:1:1
  │
1 │ f(
  │ ^^
2 │   0,
  │   ^^
11│   9,
  │   ^^
12│ );
  │ ^ all of it
  = more      millrace explain SHP201`.trimStart(),
  );
});

test('a file that is not at hand is named; no file at all is left out', () => {
  const span = { file: 'gone.csv', line: 3, column: 2, endLine: 3, endColumn: 4 };
  expect(shown({}, { message: 'no', span })).toBe(
    'error SHP201: no\n  ┌─ gone.csv:3:2\n  = more      millrace explain SHP201',
  );
  const nowhere = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };
  expect(shown({}, { message: 'no', span: nowhere })).toBe(
    'error SHP201: no\n  = more      millrace explain SHP201',
  );
});

test('marks stand below what they mark, whatever the text; colours change nothing else', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '層', '🙂', 'é', '한'), maxLength: 12 });
  fc.assert(
    fc.property(word, word, word, (before, marked, after) => {
      const text = `x${before}[${marked}]${after}`;
      const details = { message: 'no', span: spanOf('a.ts', text, `[${marked}]`) };
      const lines = shown({ 'a.ts': text }, details).split('\n');
      const [code, marks] = [lines[3]!, lines[4]!];
      const start = displayWidth(code.slice(0, code.indexOf('[')));
      expect(displayWidth(marks.slice(0, marks.indexOf('^')))).toBe(start);
      const end = displayWidth(code.slice(0, code.indexOf(']') + 1));
      expect(displayWidth(marks)).toBe(end);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
      expect(shown({ 'a.ts': text }, details, true).replace(/\u001b\[[\d;]*m/g, '')).toBe(lines.join('\n'));
    }),
  );
});

test('JSON has every field, always', () => {
  const span = { file: 'a.ts', line: 3, column: 2, endLine: 3, endColumn: 4 };
  expect(toJson(SHP201({ message: 'no', span }))).toEqual({
    code: 'SHP201',
    severity: 'error',
    message: 'no',
    file: 'a.ts',
    line: 3,
    column: 2,
    endLine: 3,
    endColumn: 4,
    label: null,
    labels: [],
    expected: null,
    received: null,
    hint: null,
  });
});
