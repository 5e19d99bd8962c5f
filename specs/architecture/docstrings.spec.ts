/** Editors show a sentence on everything that the package exports for programs and for authors. */
import { Node, Project } from 'ts-morph';
import { expect, test } from 'vitest';
import { root } from './source-files.ts';

const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true });

function isDocumented(declaration: Node): boolean {
  const holder = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration;
  return !holder || !Node.isJSDocable(holder) || holder.getJsDocs().length > 0;
}

/** Codes have titles and pages. */
const isCode = (name: string): boolean => /^[A-Z]{3}\d{3}$/.test(name);

test.each([
  'stdlib/index.ts',
  'stdlib/op.ts',
  'laws/index.ts',
  'compiler/op/options.ts',
  'compiler/op/checks.ts',
])('all that %s exports to be called has a docstring', (path) => {
  const file = project.addSourceFileAtPath(`${root}${path}`);
  const values = [...file.getExportedDeclarations()].flatMap(([name, declarations]) => {
    const own = declarations.filter(
      (each) =>
        Node.isVariableDeclaration(each) || Node.isFunctionDeclaration(each) || Node.isClassDeclaration(each),
    );
    return own.length > 0 && !isCode(name) ? [{ name, own }] : [];
  });
  expect(values.length).toBeGreaterThan(1);
  expect(values.filter(({ own }) => !own.some(isDocumented)).map(({ name }) => name)).toEqual([]);
});
