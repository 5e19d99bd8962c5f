/** Reading a program and running it give the same values, for generated programs. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { computation } from './computations.ts';
import { drawFrom } from './draw.ts';
import { runNatively } from './run-natively.ts';
import { withFiles } from './with-files.ts';

/** Reading has a fixed price a file, TypeScript's own check, so that many programs share one. */
const programsInFile = 60;

const count = tally('generated computations', { programs: 200, values: 800 });

test('what is read is what runs', () => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const bodies = Array.from({ length: programsInFile }, () => computation(drawFrom(g)));
      const text = bodies.map((body, i) => `export const p${i} = (() => {\n${body}\n})();`).join('\n\n');
      const ran = runNatively(text, {});
      const { exports, diagnostics } = withFiles({ 'input.ts': text }, (folder) =>
        readStatically(join(folder, 'input.ts'), { modules: {} }),
      );
      const told = diagnostics.map(
        ({ code, message, span }) => `${code} ${message}: ${text.split('\n')[span.line - 1]}`,
      );
      expect(told).toEqual([]);
      for (const [i, body] of bodies.entries()) {
        const [read, real] = [exports.get(`p${i}`), ran[`p${i}`]];
        if (!isDeepStrictEqual(read, real)) expect.fail(`${body}\n\nread ${show(read)}\nran  ${show(real)}`);
        count('programs');
        count('values', Object.keys(read as object).length);
      }
    }),
    { numRuns: runs(4), endOnFailure: true },
  );
});

function show(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each,
  );
}
