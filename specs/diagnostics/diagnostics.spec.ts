/** Each code has a sample that is refused as written down, a mended one that is not, and a page that shows both. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesUnder, root } from '../architecture/source-files.ts';
import { codes } from './codes.ts';
import { indexPage, pageOf, pagePath, proseOf } from './page.ts';
import { folderOf, marksOf, placesOf, read, saidOf, sampleOf } from './sample.ts';

test('every code has a sample and a page, and nothing else has', () => {
  const known = [...codes.keys()];
  const sampled = readdirSync(join(root, 'specs/diagnostics'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const paged = filesUnder('docs/errors', '.md').map((path) =>
    path.slice('docs/errors/'.length, -'.md'.length),
  );
  expect(sampled.sort()).toEqual(known);
  expect(paged.filter((name) => name !== 'README').sort()).toEqual(known);
  expect(known.length).toBeGreaterThan(50);
});

test('the list of codes is complete', async () => {
  await expect(indexPage()).toMatchFileSnapshot(join(root, 'docs/errors/README.md'));
});

/** Refusals that stand at no place of the user's, and why. */
const placeless: Readonly<Record<string, string>> = {
  ENG603: 'an engine is called by hand, past the runtime that knows the pipeline',
  ENG606: 'the machine lacks what a setup needs; no program is at hand',
  TXT802: 'a graph made by hand, with no source behind it',
};

test('a refusal shows the user’s own line, but for those with a reason', () => {
  const lost = [...codes.keys()].filter((code) => !read(code, 'expected.txt').includes('┌─'));
  expect(lost).toEqual(Object.keys(placeless));
});

describe.each([...codes.keys()].flatMap((code) => sampleOf(code) ?? []))('$code', (sample) => {
  const { code, form } = sample;

  test('is what its sample is refused with', async () => {
    const { text, diagnostics } = await saidOf(sample, 'wrong');
    if (form === 'command') expect(text).toContain(` ${code}: `);
    else expect(new Set(diagnostics.map((each) => each.code))).toEqual(new Set([code]));
    if (form === 'input') {
      const program = read(code, 'input.ts');
      expect(placesOf(diagnostics, program)).toEqual(marksOf(program));
    }
    expect(text).not.toContain(root);
    await expect(text).toMatchFileSnapshot(join(folderOf(code), 'expected.txt'));
    await expect(pageOf(sample, text)).toMatchFileSnapshot(pagePath(code));
  });

  test('goes away in the mended program', async () => {
    expect((await saidOf(sample, 'fixed')).text).toBe('');
  });

  test('is explained', () => {
    expect(proseOf(code).split(/\s+/).length).toBeGreaterThan(25);
  });
});
