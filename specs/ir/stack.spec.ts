/** Places off a stack trace, on every system; and what plain JavaScript does with tensors that it takes for values. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { spanOfStack } from '../../compiler/ir/stack.ts';
import { param } from '../../stdlib/index.ts';

const windowsPath = (url: string): string => decodeURI(url.slice('file:///'.length)).replaceAll('/', '\\');

test('frames of Node have no file', () => {
  const stack = 'Error\n    at listOnTimeout (node:internal/timers:483:21)\n    at node:internal/process:9:2';
  expect(spanOfStack(stack, [], fileURLToPath).file).toBe('');
});

test('on Windows, the rooms are Millrace’s and the rest is the user’s', () => {
  const stack = [
    'Error',
    '    at dense (file:///C:/app/node_modules/millrace/dist/stdlib/layers/dense.js:3:4)',
    '    at Object.<anonymous> (C:\\app\\node_modules\\millrace\\dist\\compiler\\a.js:3:4)',
    '    at file:///C:/app/src/model.ts:7:9',
    '    at main (C:\\app\\src\\main.ts:2:1)',
  ].join('\n');
  const home = 'C:\\app\\node_modules\\millrace\\dist\\';
  expect(spanOfStack(stack, [`${home}stdlib/`, `${home}compiler/`], windowsPath)).toMatchObject({
    file: 'C:\\app\\src\\model.ts',
    line: 7,
    column: 9,
    via: [{ file: 'C:\\app\\src\\main.ts', line: 2 }],
  });
});

test('a pipeline in an installed package has its own place', () => {
  const stack = [
    'Error',
    '    at dense (/app/node_modules/millrace/dist/stdlib/dense.js:3:4)',
    '    at model (/app/node_modules/@acme/models/index.js:5:6)',
    '    at run (/app/node_modules/runner/index.js:1:1)',
    '    at async file:///app/src/main.ts:2:1',
  ].join('\n');
  expect(spanOfStack(stack, ['/app/node_modules/millrace/dist/stdlib/'], fileURLToPath)).toMatchObject({
    file: '/app/node_modules/@acme/models/index.js',
    line: 5,
    via: [{ file: '/app/src/main.ts', line: 2 }],
  });
});

test('operators and texts of tensors are refused where they stand', () => {
  const x = param([2]) as unknown as number;
  for (const use of [() => x > 0, () => x * 2, () => `${x}`, () => +x]) {
    try {
      use();
      expect.fail('nothing was refused');
    } catch (error) {
      expect(error).toBeInstanceOf(DiagnosticError);
      const [told] = (error as DiagnosticError).diagnostics;
      expect(told).toMatchObject({ code: 'SRC115', span: { file: import.meta.filename } });
    }
  }
});
