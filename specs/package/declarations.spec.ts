/** Programs that export what they are made of compile with `declaration: true`, under each TypeScript that people use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';
import type { Project } from './installed.ts';
import { installedProject, manifest } from './installed.ts';

/** The packages of each TypeScript; the last is the one that Millrace itself is built with. */
const compilers = { '5.9': 'typescript-5.9', '6': 'typescript-6', '7': 'typescript' } as const;

const settings = {
  target: 'es2023',
  // Without the types of browsers, which take longest to check.
  lib: ['es2023'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  types: ['node'],
  // Linked packages count as the project's own.
  preserveSymlinks: true,
};

let project: Project;
beforeAll(async () => {
  project = installedProject();
  project.write({
    'src/one-of-each.ts': readFileSync(join(root, 'specs/package/one-of-each.ts'), 'utf8'),
    'src/every-export.ts': await everyExport(),
    'src/readme.ts': [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
      .map(([, block]) => block)
      .join('\n'),
  });
});
afterAll(() => project?.remove());

/** A file that exports each value that the package exports, under a name of its own: its declarations name all their types. */
async function everyExport(): Promise<string> {
  const lines: string[] = [];
  for (const [path, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string' || !target.default.startsWith('./dist/')) continue;
    // It is imported for what it does to Node, and exports nothing.
    if (path === './register') continue;
    const source = join(root, target.default.replace('./dist/', '').replace(/\.js$/, '.ts'));
    const names = Object.keys((await import(source)) as object);
    if (names.length === 0) continue;
    const entry = path.replace(/\W/g, '') || 'language';
    lines.push(`import * as ${entry} from '${manifest.name}${path.slice(1)}';`);
    for (const name of names) lines.push(`export const ${entry}_${name} = ${entry}.${name};`);
  }
  return `${lines.join('\n')}\n`;
}

function compile(compiler: string, options: object, include: string): string {
  project.write({
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...settings, ...options }, include: [include] }),
  });
  const tsc = join(root, 'node_modules', compiler, 'bin/tsc');
  return project.node([tsc, '-p', 'tsconfig.json']).stdout;
}

describe.each(Object.entries(compilers))('TypeScript %s', (version, compiler) => {
  test('is that version', () => {
    const tsc = join(root, 'node_modules', compiler, 'bin/tsc');
    expect(project.node([tsc, '--version']).stdout).toContain(`Version ${version}.`);
  });

  test('names the types of all that a program may export', () => {
    const outDir = `declared-${version.replace('.', '-')}`;
    const emit = { declaration: true, emitDeclarationOnly: true, rootDir: 'src', outDir };
    expect(compile(compiler, emit, 'src')).toBe('');
    const declared = readFileSync(join(project.folder, outDir, 'every-export.d.ts'), 'utf8');
    expect(declared.match(/^export declare const \w+/gm)!.length).toBeGreaterThan(200);
    // What was written can be read by whoever uses that program.
    expect(compile(compilers['7'], { noEmit: true }, outDir)).toBe('');
  });
});

test('the bundlers’ way to find modules finds the types, too', () => {
  const options = { noEmit: true, module: 'esnext', moduleResolution: 'bundler' };
  expect(compile(compilers['7'], options, 'src')).toBe('');
});
