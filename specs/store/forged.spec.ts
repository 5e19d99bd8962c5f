/** Models that somebody forged, with checksums that fit: they are refused with RUN809 or work, and nothing else is ever thrown. */

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { dense, float, meanSquaredError, pipeline, rows, sgd, squeeze, stack } from 'millrace';
import { load, train } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { manifestText, readManifest } from '../../runtime/store/folder/manifest.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

const count = tally('forged models', { forged: 400, 'forged and refused': 200 });

const layer = dense(1);
const line = pipeline({
  data: rows({ x: float, y: float }, [{ x: 1, y: 2 }]).batch(4),
  model: ({ x }) => squeeze(layer(stack([x])), { axis: -1 }),
  loss: (z, { y }) => meanSquaredError(y, z),
  optimizer: sgd(),
});

let folder: string;
let manifest: string;
let program: string;
let weights: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-forged-'));
  await (await train(line).finished).model.save(folder);
  manifest = await readFile(join(folder, 'model.json'), 'utf8');
  const names = await readdir(folder);
  const named = (stem: string): string => names.find((name) => name.startsWith(stem)) ?? '';
  program = await readFile(join(folder, named('program')), 'utf8');
  weights = named('weights');
});
afterAll(() => rm(folder, { recursive: true }));

/** Puts a program into the folder under a manifest that fits. */
async function forge(text: string): Promise<void> {
  const { facts, parts } = readManifest('millrace model', new TextEncoder().encode(manifest));
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `program-${sha256.slice(0, 12)}.json`;
  await writeFile(join(folder, file), bytes);
  const forged = new Map([...parts, ['program', { file, bytes: bytes.length, sha256 }]] as const);
  await writeFile(join(folder, 'model.json'), manifestText('millrace model', { facts, parts: forged }));
}

/** Whether it is refused; fails where that is not RUN809. */
async function isRefused(): Promise<boolean> {
  try {
    const model = await load(folder);
    model.predict([{ x: 1 }]);
    await model.evaluate(rows({ x: float, y: float }, [{ x: 1, y: 2 }]));
    model.dispose();
    return false;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    expect(error.diagnostics[0]?.code).toBe('RUN809');
    return true;
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value, as a setter. */
function places(value: Json): ((to: Json) => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((each, i) => [(to: Json) => value.splice(i, 1, to), ...places(each)]);
  return Object.entries(value).flatMap(([key, each]) => [
    (to: Json) => Object.assign(value, { [key]: to }),
    ...places(each),
  ]);
}

test('a value of the program that is another one', async () => {
  const other = fc.constantFrom<Json>(
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    'ghost',
    [],
    [null],
    {},
    '__proto__',
    [[1]],
    'x'.repeat(1000),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(), other, async (place, to) => {
      const value = JSON.parse(program) as Json;
      const all = places(value);
      all[place % all.length]?.(to);
      await forge(JSON.stringify(value));
      count('forged');
      if (await isRefused()) count('forged and refused');
    }),
    { numRuns: runs(400) },
  );
});

describe('is refused with RUN809', () => {
  const forgedBy = (change: (value: { [key: string]: Json }) => void) => async (): Promise<void> => {
    const value = JSON.parse(program) as { [key: string]: Json };
    change(value);
    await forge(JSON.stringify(value));
  };
  const deep = (levels: number): string => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  const hostile = {
    'states that are null': forgedBy((value) => (value.state = [null])),
    'a state of another name': forgedBy((value) => {
      for (const state of value.state as { id: string }[])
        if (state.id.includes('kernel')) state.id = 'ghost';
    }),
    'a name that is a very deep list': () =>
      forge(program.replace(/"name": "[^"]*"/, `"name": ${deep(100_000)}`)),
    'a version that is a deep list': () =>
      forge(program.replace(/"version": \d+/, `"version": ${deep(400)}`)),
    'foreign ops that are null': forgedBy((value) => (value.foreign = [null])),
    'no contract': forgedBy((value) => (value.contract = null)),
    'a program twice': forgedBy(
      (value) => (value.programs = [...(value.programs as Json[]), ...(value.programs as Json[])]),
    ),
    'bytes that are no text': () => forge('\uffff'),
    'no JSON': () => forge('{"format": '),
    'a manifest without an end': async () => {
      await rm(join(folder, 'model.json'), { force: true });
      await symlink('/dev/zero', join(folder, 'model.json'));
    },
    'a manifest of 20 MB': async () => {
      await writeFile(join(folder, 'model.json'), manifest);
      await truncate(join(folder, 'model.json'), 20_000_000);
    },
    'weights without an end': async () => {
      await writeFile(join(folder, 'model.json'), manifest);
      await rm(join(folder, weights));
      await symlink('/dev/zero', join(folder, weights));
    },
    'weights that are gone': async () => {
      await writeFile(join(folder, 'model.json'), manifest);
      await rm(join(folder, weights));
    },
  };
  test.each(Object.entries(hostile))('%s', async (_, make) => {
    await make();
    expect(await refused(load(folder))).toMatchObject([{ code: 'RUN809' }]);
    await rm(join(folder, 'model.json'));
  });
});
