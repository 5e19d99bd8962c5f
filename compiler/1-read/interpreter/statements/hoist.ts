/** What a block declares before its first statement runs: functions with their value, all else without. */
import { ts } from 'ts-morph';
import { makeFunction } from '../expressions/functions.ts';
import type { Scope } from '../scope.ts';

export function hoist(statements: readonly ts.Statement[], scope: Scope): void {
  for (const statement of statements) {
    if (isAmbient(statement)) continue;
    if (ts.isVariableStatement(statement)) declareAll(statement.declarationList, scope);
    else if (ts.isClassDeclaration(statement) && statement.name) scope.declare(statement.name.text, false);
    else if (ts.isEnumDeclaration(statement)) scope.declare(statement.name.text, false);
    else if (ts.isFunctionDeclaration(statement) && statement.body) {
      const name = statement.name?.text ?? 'default';
      scope.declare(name, true);
      scope.initialise(name, makeFunction(statement, scope));
    }
  }
}

/** Declares the names of `const`, `let` and `var`; `var` belongs to the function, and has a value at once. */
export function declareAll(list: ts.VariableDeclarationList, scope: Scope): void {
  const isBlockScoped = (list.flags & ts.NodeFlags.BlockScoped) !== 0;
  const mutable = (list.flags & ts.NodeFlags.Const) === 0;
  for (const { name } of list.declarations) {
    for (const identifier of namesIn(name)) {
      const owner = isBlockScoped ? scope : scope.owner;
      owner.declare(identifier, mutable);
      if (!isBlockScoped && !owner.own(identifier)?.ready) owner.initialise(identifier, undefined);
    }
  }
}

export function* namesIn(name: ts.BindingName): Generator<string> {
  if (ts.isIdentifier(name)) {
    yield name.text;
    return;
  }
  for (const element of name.elements) {
    if (!ts.isOmittedExpression(element)) yield* namesIn(element.name);
  }
}

/** The names that a statement declares. */
export function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => [...namesIn(name)]);
  }
  if (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)) &&
    statement.name
  ) {
    return [statement.name.text];
  }
  return ts.isExportAssignment(statement) ? ['default'] : [];
}

/** Of types only: nothing is there at run time. */
export function isAmbient(statement: ts.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  return ts.canHaveModifiers(statement)
    ? (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword)
    : false;
}
