/** The sources of the house as syntax trees, with what each file imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from 'ts-morph';
import { Project, SyntaxKind } from 'ts-morph';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The folders that the package is made of. */
export const houses = ['dsl', 'compiler', 'stdlib', 'laws', 'runtime', 'cli'] as const;

export interface Import {
  /** A path inside the repository, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Gone when the program runs: it cannot make a cycle of loading. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** Paths of the files under a folder, relative to the repository. */
export function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });

function open(paths: readonly string[]): ReadonlyMap<string, SourceFile> {
  return new Map(paths.map((path) => [path, project.addSourceFileAtPath(join(root, path))]));
}

/** Every file of the package, by path. */
export const sources = open(houses.flatMap((house) => filesUnder(house, '.ts')));

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** All that a file imports or re-exports, `import(…)` included. */
export function importsOf(path: string, file: SourceFile): Import[] {
  const made = (specifier: string, isTypeOnly: boolean, line: number): Import => {
    const isPackage = !specifier.startsWith('.');
    const target = isPackage ? specifier : relative(root, resolve(root, dirname(path), specifier));
    return { target, isPackage, isTypeOnly, line };
  };
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((statement) => {
    const specifier = statement.getModuleSpecifierValue();
    return specifier === undefined
      ? []
      : [made(specifier, statement.isTypeOnly(), statement.getStartLineNumber())];
  });
  const called = file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const [argument] = call.getArguments();
    if (call.getExpression().getKind() !== SyntaxKind.ImportKeyword) return [];
    const specifier = argument?.asKind(SyntaxKind.StringLiteral)?.getLiteralValue();
    return specifier === undefined ? [] : [made(specifier, false, call.getStartLineNumber())];
  });
  return [...declared, ...called];
}
