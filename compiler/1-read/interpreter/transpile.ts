/** The user's files as JavaScript, for their data: what trains at the top level is left out. */
import { ts } from 'ts-morph';
import { declaredBy, namesIn } from './statements/hoist.ts';
import { toJavaScript } from './to-javascript.ts';

/**
 * Gives the JavaScript of a TypeScript file. Statements at its top level that use `runtime`, a module's specifier, or
 * what was made with it, are left out: loading a file for its data must not start the runs that the file itself starts.
 * Lines keep their places.
 */
export function transpileForData(fileName: string, text: string, runtime: string): string {
  if (fileName.endsWith('.json')) return jsonModule(text);
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2023, true);
  let kept = text;
  for (const statement of runStatements(file, runtime)) {
    const from = statement.getStart(file);
    const to = statement.getEnd();
    kept = kept.slice(0, from) + kept.slice(from, to).replace(/[^\n]/g, ' ') + kept.slice(to);
  }
  return toJavaScript(fileName, kept).text;
}

/** JSON as a module: all of it by default, and its members by their names. */
function jsonModule(text: string): string {
  const value: unknown = JSON.parse(text);
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const names = isRecord ? Object.keys(value).filter((name) => name !== 'default') : [];
  return [
    `const json = ${text};`,
    'export default json;',
    ...names.map((name, i) => `const m${i} = json[${JSON.stringify(name)}];`),
    `export { ${names.map((name, i) => `m${i} as ${JSON.stringify(name)}`).join(', ')} };`,
  ].join('\n');
}

/** The statements that run pipelines, directly or through names that they made. */
function runStatements(file: ts.SourceFile, runtime: string): ts.Statement[] {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const clause = statement.importClause;
    if (statement.moduleSpecifier.text !== runtime || !clause) continue;
    const { namedBindings } = clause;
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.add(namedBindings.name.text);
    else for (const { name } of namedBindings?.elements ?? []) names.add(name.text);
  }
  const found = new Set<ts.Statement>();
  for (let before = -1; found.size + names.size !== before; ) {
    before = found.size + names.size;
    for (const statement of file.statements) {
      if (found.has(statement) || ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
        continue;
      const isFunction = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
      if (!mentions(statement, names, isFunction)) continue;
      // A function that trains is harmless until it is called; its calls are found in the next turn.
      if (!isFunction) found.add(statement);
      for (const name of declaredBy(statement)) names.add(name);
    }
  }
  return [...found];
}

/** Whether a name is used; inside functions only if asked, as they may never be called. */
function mentions(root: ts.Node, names: ReadonlySet<string>, inFunctions: boolean): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isTypeNode(node)) return false;
    if (ts.isIdentifier(node)) return names.has(node.text) && !isMemberName(node) && !isShadowed(node, root);
    if (!inFunctions && ts.isFunctionLike(node) && !isCalledAtOnce(node))
      return isNamedFunction(node) && mentions(node, names, true);
    return ts.forEachChild(node, visit) ?? false;
  };
  return ts.forEachChild(root, visit) ?? false;
}

/** Whether a name names a member or a label, not a variable: `a.train`, `{ train: a }`, `{ train() {} }`. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return true;
  const isNamed =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isClassElement(parent) ||
    ts.isObjectLiteralElement(parent);
  return isNamed && !ts.isShorthandPropertyAssignment(parent) && parent.name === node;
}

/** Whether a function or block inside the statement declares the name anew. */
function isShadowed({ text, parent }: ts.Identifier, root: ts.Node): boolean {
  for (let place = parent; place !== root && !ts.isSourceFile(place); place = place.parent) {
    const declared = ts.isFunctionLike(place)
      ? place.parameters.flatMap(({ name }) => [...namesIn(name)])
      : ts.isBlock(place)
        ? place.statements.flatMap(declaredBy)
        : [];
    if (declared.includes(text)) return true;
  }
  return false;
}

/** `const main = async () => { … }`: a call of the name is a call of the function. */
function isNamedFunction(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node.parent);
}

function isCalledAtOnce(node: ts.Node): boolean {
  let callee = node;
  while (ts.isParenthesizedExpression(callee.parent)) callee = callee.parent;
  return ts.isCallExpression(callee.parent) && callee.parent.expression === callee;
}
