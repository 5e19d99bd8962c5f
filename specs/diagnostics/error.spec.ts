/** What people see of a DiagnosticError that nobody catches, and in which order it tells what went wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { DiagnosticError, defineDiagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { fileName } from '../../compiler/diagnostics/files.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { train } from '../../runtime/index.ts';
import { arrays, float, pipeline, sgd } from '../../stdlib/index.ts';

const wrong = defineDiagnostic('SHP201', 'sample');

function withFile<T>(text: string, body: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-error-'));
  try {
    const file = join(folder, 'program.js');
    writeFileSync(file, text);
    return body(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As from the stack: where the call begins, one column wide. */
const place = (file: string, line: number, column: number) => ({
  file,
  line,
  column,
  endLine: line,
  endColumn: column + 1,
});

test('the stack is the picture, with the places of the user’s file marked by whole words', () => {
  withFile('const w = param([3]);\nconst y = matmul(x, w);\n', (file) => {
    const error = new DiagnosticError([
      wrong({
        message: 'no',
        span: place(file, 2, 11),
        label: 'here',
        labels: [{ span: place(file, 1, 11), text: 'w : f32[3]' }],
        hint: 'mend it',
      }),
    ]);
    expect(error.stack).toBe(
      [
        'DiagnosticError:',
        'error SHP201: no',
        `  ┌─ ${fileName(file)}:2:11`,
        '  │',
        '1 │ const w = param([3]);',
        '  │           ----- w : f32[3]',
        '2 │ const y = matmul(x, w);',
        '  │           ^^^^^^ here',
        '  = hint      mend it',
        '  = more      millrace explain SHP201',
        `    at ${file}:2:11`,
      ].join('\n'),
    );
    expect(inspect(error)).toBe(error.stack);
    const colourful = inspect(error, { colors: true });
    expect(colourful).toContain('\u001b[31m^^^^^^ here\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of terminals are control characters
    expect(colourful.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(error.stack);
    expect(Object.keys(error)).toEqual([]);
    expect(String(error)).toBe(
      `DiagnosticError: SHP201: no\n    at       ${file}:2:11\n    hint     mend it`,
    );
  });
});

test('an error that knows no place shows the calls that led to it, and its cause', () => {
  const error = new DiagnosticError([wrong({ message: 'no', span: nowhere })]);
  expect(error.stack).toMatch(/^DiagnosticError:\nerror SHP201: no\n.*\n {4}at .*error\.spec\.ts:\d+:\d+/);
  error.cause = new RangeError('deep down');
  expect(inspect(error)).toContain('[cause]: RangeError: deep down');
});

test('errors come first, and remarks are no part of them', () => {
  const remark = defineDiagnostic('LNT901', 'sample', 'info')({ message: 'remark', span: nowhere });
  const warning = defineDiagnostic('GRD402', 'sample', 'warning')({ message: 'warning', span: nowhere });
  const error = wrong({ message: 'error', span: nowhere });
  const codes = (of: (typeof error)[]) => new DiagnosticError(of).diagnostics.map(({ code }) => code);
  expect(codes([remark, warning, error, warning])).toEqual(['SHP201', 'GRD402', 'GRD402']);
  expect(codes([remark, warning])).toEqual(['GRD402', 'LNT901']);
});

test('a run fails of an error, never of a remark', async () => {
  const unused = pipeline({
    data: arrays({ x: float, y: float, spare: float }, { x: [1], y: [1], spare: [1] }).batch(1),
    model: ({ x }) => x,
    loss: (x) => x,
    optimizer: sgd(),
  });
  const run = train(unused);
  const failed: string[] = [];
  run.events$.subscribe((event) => {
    if (event.type !== 'runFailed') return;
    failed.push(event.error.code, ...(event.others ?? []).map(({ code }) => code));
  });
  await expect(run.finished).rejects.toThrow(/^GRD401/);
  expect(failed).toEqual(['GRD401']);
});
