/** Functions of the user's as values: JavaScript functions that interpret their body when they are called. */
import { ts } from 'ts-morph';
import type { HostReference } from '../../../../dsl/host-reference.ts';
import type { Closure } from '../reading-context.ts';
import type { Scope } from '../scope.ts';
import { execute } from '../statements/execute.ts';
import { hoist } from '../statements/hoist.ts';
import { skipRest } from '../statements/skip.ts';
import { evaluate } from './evaluate.ts';
import { bind, orDefault } from './patterns.ts';

export type FunctionSyntax =
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration
  | ts.MethodDeclaration;

/** Async functions and generators only make sense when the program runs; they are host code. */
export function makeFunction(node: FunctionSyntax, scope: Scope): unknown {
  const { world } = scope;
  if (node.asteriskToken) return hostCode('a generator is host code, which is not read', node, scope);
  if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword)) {
    return hostCode('an async function is host code, which is not read', node, scope);
  }
  const isArrow = ts.isArrowFunction(node);
  const home = ts.isFunctionExpression(node) && node.name ? selfNamed(node.name.text, scope) : scope;
  const closure = function (this: unknown, ...args: unknown[]): unknown {
    return invoke(node, args, home.body(this, isArrow));
  };
  if (home !== scope && ts.isFunctionExpression(node) && node.name) home.initialise(node.name.text, closure);
  Object.defineProperty(closure, 'name', { value: nameOf(node) });
  Object.defineProperty(closure, 'length', { value: requiredParameters(node) });
  world.closures.set(closure, { node, scope: home });
  return closure;
}

/** Stands for a function or class that only the run calls. */
export function hostCode(why: string, node: Closure['node'], scope: Scope): HostReference {
  const reference = scope.world.host(why, ts.isClassLike(node) ? (node.name ?? node) : node);
  scope.world.hostCode.set(reference, { node, scope });
  return reference;
}

function selfNamed(name: string, scope: Scope): Scope {
  const inner = scope.block();
  inner.declare(name, false);
  return inner;
}

function invoke(node: FunctionSyntax, args: readonly unknown[], scope: Scope): unknown {
  const { body } = node;
  scope.world.refuel();
  let position = 0;
  for (const parameter of node.parameters) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === 'this') continue;
    const value = parameter.dotDotDotToken
      ? args.slice(position)
      : orDefault(args[position], parameter.initializer, scope);
    bind(parameter.name, value, scope, false);
    position++;
  }
  if (!body) return undefined;
  if (!ts.isBlock(body)) return evaluate(body, scope);
  // The body may redeclare a parameter with var, so it has no scope of its own.
  hoist(body.statements, scope);
  for (const [i, statement] of body.statements.entries()) {
    const completion = execute(statement, scope);
    if (completion?.kind === 'return') return completion.value;
    if (completion?.kind === 'unknown') {
      skipRest(body.statements.slice(i + 1), scope, completion);
      return completion.value;
    }
  }
  return undefined;
}

function nameOf(node: FunctionSyntax): string {
  if (node.name) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return '';
}

function requiredParameters(node: FunctionSyntax): number {
  const optional = node.parameters.findIndex(
    (parameter) => parameter.initializer ?? parameter.dotDotDotToken,
  );
  return optional < 0 ? node.parameters.length : optional;
}
