/** The value of an expression, without running anything of the user's. */
import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { globalNamed } from '../builtins/globals.ts';
import { fails, unsupported } from '../refusals.ts';
import { regularExpression } from '../regular-expressions.ts';
import type { Scope } from '../scope.ts';
import { skip } from '../statements/skip.ts';
import { assign, remove, step } from './assignment.ts';
import { evaluateCall, evaluateNew } from './calls.ts';
import { truth } from './conditions.ts';
import { hostCode, makeFunction } from './functions.ts';
import { evaluateArray, evaluateObject, evaluateTemplate } from './literals.ts';
import { evaluateMember } from './members.ts';
import { binary, isAssignment, unary } from './operators.ts';

/** What `a?.b` gives to the rest of its chain when `a` is missing. */
export const missing = Symbol('missing');

export function evaluate(node: ts.Expression, scope: Scope): unknown {
  const value = evaluateLink(node, scope);
  return value === missing ? undefined : value;
}

/** As `evaluate`, but a chain that was cut short by `?.` says so. */
export function evaluateLink(node: ts.Expression, scope: Scope): unknown {
  const { world } = scope;
  world.spend(node);
  return world.present(evaluateForm(node, scope));
}

function evaluateForm(node: ts.Expression, scope: Scope): unknown {
  if (ts.isIdentifier(node)) return evaluateName(node, scope);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return evaluateMember(node, scope);
  if (ts.isCallExpression(node)) return evaluateCall(node, scope);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isBinaryExpression(node)) return isAssignment(node) ? assign(node, scope) : binary(node, scope);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(node, scope);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(node, scope);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return makeFunction(node, scope);
  if (ts.isParenthesizedExpression(node)) return evaluate(node.expression, scope);
  if (ts.isNonNullExpression(node)) return evaluateLink(node.expression, scope);
  if (isTypeOnly(node)) return evaluate(node.expression, scope);
  if (ts.isConditionalExpression(node)) return evaluateConditional(node, scope);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(node, scope);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node;
    const steps = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
    return steps ? step(node, scope) : unary(node, scope);
  }
  if (ts.isNewExpression(node)) return evaluateNew(node, scope);
  return evaluateRare(node, scope);
}

function evaluateRare(node: ts.Expression, scope: Scope): unknown {
  const { world } = scope;
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return true;
    case ts.SyntaxKind.FalseKeyword:
      return false;
    case ts.SyntaxKind.NullKeyword:
      return null;
    case ts.SyntaxKind.ThisKeyword:
      return scope.self;
  }
  if (ts.isTypeOfExpression(node)) {
    // typeof is the one place where an unknown name is no error.
    if (ts.isIdentifier(node.expression) && !scope.find(node.expression.text)) {
      const value = globalNamed(node.expression, scope);
      return value instanceof HostReference ? value : typeof value;
    }
    const value = evaluate(node.expression, scope);
    return value instanceof HostReference ? value : typeof value;
  }
  if (ts.isVoidExpression(node)) {
    evaluate(node.expression, scope);
    return undefined;
  }
  if (ts.isAwaitExpression(node)) return evaluate(node.expression, scope);
  if (ts.isBigIntLiteral(node)) return BigInt(node.text.slice(0, -1));
  if (ts.isRegularExpressionLiteral(node)) return regularExpression(node, scope);
  if (ts.isMetaProperty(node)) return world.host('import.meta exists only when the program runs', node);
  if (ts.isClassExpression(node)) return hostCode('a class is host code, which is not read', node, scope);
  if (ts.isDeleteExpression(node)) return remove(node.expression, scope);
  if (ts.isTaggedTemplateExpression(node))
    unsupported(world, node, 'tagged templates', 'call the function with plain arguments');
  return unsupported(
    world,
    node,
    'this expression',
    'constants, objects, arrays, functions, calls and operators on known values are read',
  );
}

function isTypeOnly(
  node: ts.Expression,
): node is ts.AsExpression | ts.SatisfiesExpression | ts.TypeAssertion {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isTypeAssertionExpression(node);
}

function evaluateName(node: ts.Identifier, scope: Scope): unknown {
  const binding = scope.find(node.text);
  if (!binding) return globalNamed(node, scope);
  if (!binding.ready)
    fails(scope.world, node, `${node.text} is used before it has a value`, 'move its declaration up');
  if (binding.value instanceof Broken) throw binding.value.cause;
  return binding.value;
}

/** The value of a name whose declaration could not be read; using it fails with the same cause, reported once. */
export class Broken {
  readonly cause: Error;

  constructor(cause: Error) {
    this.cause = cause;
  }
}

function evaluateConditional(node: ts.ConditionalExpression, scope: Scope): unknown {
  const value = evaluate(node.condition, scope);
  if (value instanceof HostReference) {
    skip(node.whenTrue, scope, value);
    skip(node.whenFalse, scope, value);
    return value;
  }
  return evaluate(truth(value, node.condition, scope) ? node.whenTrue : node.whenFalse, scope);
}
