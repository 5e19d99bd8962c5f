/** Unary and binary operators on known values. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { SRC115 } from '../../../diagnostics/source.ts';
import { Node } from '../../../ir/node.ts';
import { textOf } from '../place.ts';
import { fails, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { skip } from '../statements/skip.ts';
import type { Primitive } from './coercion.ts';
import { describe, primitive, refuseTensor } from './coercion.ts';
import { truth } from './conditions.ts';
import { evaluate } from './evaluate.ts';

const Kind = ts.SyntaxKind;

export function isAssignment(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  return kind >= Kind.FirstAssignment && kind <= Kind.LastAssignment;
}

export function binary(node: ts.BinaryExpression, scope: Scope): unknown {
  const { left, right, operatorToken } = node;
  const chosen = shortCircuit(operatorToken.kind, left, right, scope);
  if (chosen) return chosen.decided ? chosen.value : evaluate(right, scope);
  // A long sum is a chain to the left, walked without a call a term.
  const chain = [node];
  let first = left;
  for (; ts.isBinaryExpression(first) && isPlain(first); first = first.left) chain.push(first);
  let value = evaluate(first, scope);
  for (const term of chain.reverse()) {
    scope.world.spend(term);
    value = combine(term.operatorToken.kind, value, evaluate(term.right, scope), term, scope);
  }
  return value;
}

/** Whether both sides of an operator are always evaluated. */
function isPlain(node: ts.BinaryExpression): boolean {
  return !isAssignment(node) && !asks.has(node.operatorToken.kind);
}

/** Operators whose left side says whether the right side is evaluated, and the comma. */
const asks = new Set<ts.SyntaxKind>([
  Kind.AmpersandAmpersandToken,
  Kind.BarBarToken,
  Kind.QuestionQuestionToken,
  Kind.CommaToken,
]);

/** For `&&`, `||`, `??`, `,`: whether the left side decides, and with what; undefined for other operators. */
export function shortCircuit(
  operator: ts.SyntaxKind,
  left: ts.Expression,
  right: ts.Expression,
  scope: Scope,
): { readonly decided: boolean; readonly value: unknown } | undefined {
  if (!asks.has(operator)) return undefined;
  const value = evaluate(left, scope);
  if (operator === Kind.CommaToken) return { decided: false, value };
  if (value instanceof HostReference) {
    skip(right, scope, value);
    return { decided: true, value };
  }
  if (operator === Kind.QuestionQuestionToken)
    return { decided: value !== null && value !== undefined, value };
  const isTrue = truth(value, left, scope);
  return { decided: operator === Kind.BarBarToken ? isTrue : !isTrue, value };
}

/** Ops that say the same of tensors. */
const opFor: Partial<Record<ts.SyntaxKind, string>> = {
  [Kind.PlusToken]: 'add',
  [Kind.MinusToken]: 'subtract',
  [Kind.AsteriskToken]: 'multiply',
  [Kind.SlashToken]: 'divide',
  [Kind.AsteriskAsteriskToken]: 'power',
  [Kind.PercentToken]: 'mod',
  [Kind.LessThanToken]: 'less',
  [Kind.GreaterThanToken]: 'greater',
  [Kind.LessThanEqualsToken]: 'lessEqual',
  [Kind.GreaterThanEqualsToken]: 'greaterEqual',
};

export function combine(
  operator: ts.SyntaxKind,
  a: unknown,
  b: unknown,
  node: ts.BinaryExpression,
  scope: Scope,
): unknown {
  if (a instanceof HostReference) return a;
  if (b instanceof HostReference) return b;
  switch (operator) {
    case Kind.EqualsEqualsEqualsToken:
      return a === b;
    case Kind.ExclamationEqualsEqualsToken:
      return a !== b;
    case Kind.InKeyword:
      if (typeof b !== 'object' || b === null)
        return fails(scope.world, node, `in needs an object, not ${describe(b)}`);
      return (
        Object.hasOwn(b, String(a)) ||
        (!Array.isArray(b) && Object.getPrototypeOf(b) !== Object.prototype && String(a) in b)
      );
    case Kind.InstanceOfKeyword:
      return unsupported(
        scope.world,
        node,
        'instanceof',
        'ask with typeof, Array.isArray or a property of your own',
      );
    case Kind.EqualsEqualsToken:
    case Kind.ExclamationEqualsToken:
      if (a === null || a === undefined || b === null || b === undefined) {
        // biome-ignore lint/suspicious/noDoubleEquals: this is the meaning of the operator that was read
        return (a == b) === (operator === Kind.EqualsEqualsToken);
      }
  }
  if (a instanceof Node || b instanceof Node) refuseOperator(operator, node, scope);
  return calculate(
    operator,
    primitive(a, node.left, scope, 'a number'),
    primitive(b, node.right, scope, 'a number'),
    node,
    scope,
  );
}

function refuseOperator(operator: ts.SyntaxKind, node: ts.BinaryExpression, scope: Scope): never {
  const op = opFor[operator];
  const sign = node.operatorToken.getText().replace(/=$/, '') || '=';
  // Straight to an error of ours: it says more than what TypeScript says of the same place.
  throw scope.world.override(
    node,
    SRC115({
      message: `the operator ${sign} does not work on tensors`,
      span: scope.world.siteOf(node),
      hint: op
        ? `write ${op}(${textOf(node.left, 24)}, ${textOf(node.right, 24)})`
        : 'use the ops of millrace',
    }),
  );
}

function calculate(
  operator: ts.SyntaxKind,
  a: Primitive,
  b: Primitive,
  node: ts.Node,
  scope: Scope,
): unknown {
  // The operators mean here what they mean in JavaScript, coercions included; TypeScript has checked the types.
  const x = a as number;
  const y = b as number;
  try {
    switch (operator) {
      case Kind.PlusToken:
        return x + y;
      case Kind.MinusToken:
        return x - y;
      case Kind.AsteriskToken:
        return x * y;
      case Kind.SlashToken:
        return x / y;
      case Kind.PercentToken:
        return x % y;
      case Kind.AsteriskAsteriskToken:
        return x ** y;
      case Kind.LessThanToken:
        return x < y;
      case Kind.GreaterThanToken:
        return x > y;
      case Kind.LessThanEqualsToken:
        return x <= y;
      case Kind.GreaterThanEqualsToken:
        return x >= y;
      case Kind.AmpersandToken:
        return x & y;
      case Kind.BarToken:
        return x | y;
      case Kind.CaretToken:
        return x ^ y;
      case Kind.LessThanLessThanToken:
        return x << y;
      case Kind.GreaterThanGreaterThanToken:
        return x >> y;
      case Kind.GreaterThanGreaterThanGreaterThanToken:
        return x >>> y;
      case Kind.EqualsEqualsToken:
        // biome-ignore lint/suspicious/noDoubleEquals: this is the meaning of the operator that was read
        return x == y;
      case Kind.ExclamationEqualsToken:
        // biome-ignore lint/suspicious/noDoubleEquals: this is the meaning of the operator that was read
        return x != y;
    }
  } catch (error) {
    return fails(scope.world, node, error instanceof Error ? error.message : String(error));
  }
  return unsupported(
    scope.world,
    node,
    'this operator',
    'use the operators of arithmetic, comparison and logic',
  );
}

export function unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): unknown {
  const value = evaluate(node.operand, scope);
  if (value instanceof HostReference) return value;
  if (node.operator === Kind.ExclamationToken) return !truth(value, node.operand, scope);
  if (value instanceof Node) {
    const hint =
      node.operator === Kind.MinusToken
        ? `write neg(${textOf(node.operand, 24)})`
        : 'use the ops of millrace';
    refuseTensor(node, scope, 'a number', hint);
  }
  const operand = primitive(value, node.operand, scope, 'a number') as number;
  switch (node.operator) {
    case Kind.MinusToken:
      return -operand;
    case Kind.PlusToken:
      return +operand;
    default:
      return ~operand;
  }
}
