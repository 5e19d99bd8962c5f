/** What the README says, done in an empty project with the packed package in it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';
import type { Project } from './installed.ts';
import { installedProject } from './installed.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text!,
  );
const [first, ...further] = blocks('ts') as [string, ...string[]];

/** A command of the README, without its remark. */
const commands = blocks('sh').flatMap((block) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +# .*$/, '')),
);

/** Lines that are not run here, and why. */
const elsewhere: readonly (readonly [start: string, why: string])[] = [
  [
    'npm ',
    'npm makes a project like the one that the package is unpacked into; CI runs what is for a checkout',
  ],
  ['npx millrace serve ', 'it ends when it is told to; the specs of the command line talk to it'],
  ['npx tsx ', 'tsx is not part of this repository'],
  ...('typescript' in process.features && process.features.typescript
    ? []
    : ([['node xor.ts', 'this Node takes no types out']] as const)),
];
const isRunHere = (line: string): boolean => !elsewhere.some(([start]) => line.startsWith(start));

let project: Project;
beforeAll(() => {
  project = installedProject();
  project.write({ 'xor.ts': first, 'more.ts': [first, ...further].join('\n') });
});
afterAll(() => project?.remove());

/** Two numbers, of which the first is about 1 and the second about 0. */
function expectAnswers(text: string): void {
  const [one, zero] = JSON.parse(text) as [number, number];
  expect(one).toBeGreaterThan(0.9);
  expect(zero).toBeLessThan(0.1);
}

describe('the commands of the README', () => {
  test('are known, and most of them are run', () => {
    expect(commands.length).toBeGreaterThan(14);
    expect(commands.filter(isRunHere).length).toBeGreaterThanOrEqual(10);
  });

  test.each(commands.filter(isRunHere))('%s', (line) => {
    // npx would look for the package on the network if it were not installed; here it only costs time.
    const { status, stdout, stderr } = project.shell(line.replaceAll('npx ', ''));
    expect({ status, stderr: line.includes('millrace train') ? '' : stderr }).toEqual({
      status: 0,
      stderr: '',
    });
    if (/(^|&& )node /.test(line)) expectAnswers(stdout);
    if (line.includes('predict')) expect(Number(stdout)).toBeGreaterThan(0.5);
    if (line.includes('check')) expect(stdout).toBe('✓ xor.ts: xor\n');
    if (line.includes('export'))
      expect(existsSync(join(project.folder, 'serving/saved_model.pb'))).toBe(true);
    if (line.includes('evaluate')) expect(stdout).toMatch(/^loss {2}0\.\d+\n$/);
    if (line.includes('graph')) expect(stdout).toMatch(/^program xor\.step/);
    if (line.includes('explain')) expect(stdout).toMatch(/^# SHP201: /);
  });
});

test('builds what it packs: in a checkout npm runs no script that was not asked for', () => {
  expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
  expect(commands).toContain('npm ci && npm run build && npm pack');
});

describe('its programs', () => {
  test('run one after the other: events, a saved model, and the model loaded', () => {
    const { status, stdout, stderr } = project.node(['--import', 'millrace/register', 'more.ts']);
    expect({ status, stderr: stderr.replaceAll(/^.*epoch.*\n/gm, '') }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expectAnswers(lines[0]!);
    const losses = lines.map(Number).filter((loss) => !Number.isNaN(loss));
    expect(losses.length).toBeGreaterThan(5);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(existsSync(join(project.folder, 'xor-model/model.json'))).toBe(true);
  });

  test('an error that nobody catches is the picture that the README shows', () => {
    const picture = blocks('text').find((text) => text.startsWith('error SHP201'))!;
    const sample = readFileSync(join(root, 'specs/diagnostics/SHP201/expected.txt'), 'utf8');
    expect(sample).toContain(picture.trim());
    project.write({ 'wrong.ts': first.replace('epochs: 5', 'epochs: -5') });
    const { status, stderr } = project.node(['--import', 'millrace/register', 'wrong.ts']);
    expect(status).toBe(1);
    expect(stderr).toContain('DiagnosticError:\nerror RUN801: ');
    expect(stderr.split('\n').length).toBeLessThan(25);
  });
});

test('its links lead to files that are in the package', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path!);
  const inPackage = (path: string): boolean =>
    project.packed.some((packed) => packed === path || packed.startsWith(`${path}/`));
  expect(links.filter((path) => !inPackage(path))).toEqual([]);
  expect(links.length).toBeGreaterThan(4);
});
