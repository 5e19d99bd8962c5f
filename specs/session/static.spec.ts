/** A graph by hand is read as pipelines are: what does not fit is told at its line, and nothing of the file is run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../compiler/check-file.ts';
import { root } from '../architecture/source-files.ts';
import { withFiles } from '../static/with-files.ts';

const program = (axis: number): string => `
import { writeFileSync } from 'node:fs';
import { matmul, square, sum } from 'millrace';
import { gradientDescentOptimizer, placeholder, Session, variable } from 'millrace/session';

writeFileSync(new URL('./ran', import.meta.url), 'yes');
const kernel = variable([[1], [2], [3]], { name: 'kernel' });
const x = placeholder('float32', ['B', ${axis}]);
const loss = sum(square(matmul(x, kernel)));
const train = gradientDescentOptimizer(0.1).minimize(loss);
const session = new Session();
await session.run(train, [[x, [[1, 2, 3]]]]);
`;

test('a shape that does not fit is told at its line', async () => {
  await withFiles({ 'input.ts': program(4) }, async (folder) => {
    const { diagnostics } = await check(join(folder, 'input.ts'));
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, span }) => [code, span.line, span.column])).toEqual([['SHP201', 9, 25]]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
});

test('what fits is clean', async () => {
  await withFiles({ 'input.ts': program(3) }, async (folder) => {
    const { diagnostics } = await check(join(folder, 'input.ts'));
    expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });
  expect((await check(join(root, 'examples/session.ts'))).diagnostics).toEqual([]);
});
