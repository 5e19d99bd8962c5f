/** Assignments to variables and members: `=`, `+=`, `??=`, `++`. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { fails, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { isOpen } from '../statements/outer-effects.ts';
import { describe, primitive } from './coercion.ts';
import { evaluate } from './evaluate.ts';
import { memberKey, readMember, writeMember } from './members.ts';
import { combine, shortCircuit } from './operators.ts';
import { assignPattern } from './patterns.ts';

const Kind = ts.SyntaxKind;

/** The plain operator inside a compound assignment. */
const inside = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [Kind.PlusEqualsToken, Kind.PlusToken],
  [Kind.MinusEqualsToken, Kind.MinusToken],
  [Kind.AsteriskEqualsToken, Kind.AsteriskToken],
  [Kind.SlashEqualsToken, Kind.SlashToken],
  [Kind.PercentEqualsToken, Kind.PercentToken],
  [Kind.AsteriskAsteriskEqualsToken, Kind.AsteriskAsteriskToken],
  [Kind.AmpersandEqualsToken, Kind.AmpersandToken],
  [Kind.BarEqualsToken, Kind.BarToken],
  [Kind.CaretEqualsToken, Kind.CaretToken],
  [Kind.LessThanLessThanEqualsToken, Kind.LessThanLessThanToken],
  [Kind.GreaterThanGreaterThanEqualsToken, Kind.GreaterThanGreaterThanToken],
  [Kind.GreaterThanGreaterThanGreaterThanEqualsToken, Kind.GreaterThanGreaterThanGreaterThanToken],
  [Kind.AmpersandAmpersandEqualsToken, Kind.AmpersandAmpersandToken],
  [Kind.BarBarEqualsToken, Kind.BarBarToken],
  [Kind.QuestionQuestionEqualsToken, Kind.QuestionQuestionToken],
]);

export function assign(node: ts.BinaryExpression, scope: Scope): unknown {
  const { left, right, operatorToken } = node;
  if (operatorToken.kind === Kind.EqualsToken) {
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left)) {
      const value = evaluate(right, scope);
      assignPattern(left, value, scope);
      return value;
    }
    const target = place(left, scope);
    const value = evaluate(right, scope);
    target.write(value);
    return value;
  }
  const operator = inside.get(operatorToken.kind);
  if (operator === undefined) return unsupported(scope.world, node, 'this assignment', 'write it as a = b');
  const chosen = shortCircuit(operator, left, right, scope);
  if (chosen?.decided) return chosen.value;
  const target = place(left, scope);
  const value = chosen
    ? evaluate(right, scope)
    : combine(operator, target.read(), evaluate(right, scope), node, scope);
  target.write(value);
  return value;
}

/** `++` and `--`, before or after. */
export function step(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, scope: Scope): unknown {
  const target = place(node.operand, scope);
  const before = target.read();
  if (before instanceof HostReference) return before;
  const number = Number(primitive(before, node.operand, scope, 'a number'));
  const after = node.operator === Kind.PlusPlusToken ? number + 1 : number - 1;
  target.write(after);
  return ts.isPrefixUnaryExpression(node) ? after : number;
}

/** `delete record.key`. */
export function remove(node: ts.Expression, scope: Scope): boolean | HostReference {
  const { world } = scope;
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node))
    return unsupported(world, node, 'delete on this', 'delete a property of an object');
  const object = evaluate(node.expression, scope);
  const key = memberKey(node, scope);
  if (object instanceof HostReference) return object;
  if (!isOpen(object))
    return unsupported(
      world,
      node,
      `delete on ${describe(object)}`,
      'only arrays and plain objects lose properties',
    );
  if (key instanceof HostReference) {
    world.taint(object, `what it holds from here on depends on the run (${key.why})`, node);
    return key;
  }
  if (!Reflect.deleteProperty(object, key))
    fails(world, node, `${String(key)} cannot be deleted`, 'the object is frozen');
  return true;
}

interface Place {
  read(): unknown;
  write(value: unknown): void;
}

/** A variable or member, its object and key evaluated once. */
function place(node: ts.Expression, scope: Scope): Place {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)) {
    return place(node.expression, scope);
  }
  if (ts.isIdentifier(node)) {
    return { read: () => evaluate(node, scope), write: (value) => setVariable(node, value, scope) };
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const object = evaluate(node.expression, scope);
    const key = memberKey(node, scope);
    return {
      read: () => readMember(object, key, node, scope),
      write: (value) => writeMember(object, key, value, node, scope),
    };
  }
  return unsupported(scope.world, node, 'an assignment to this', 'assign to a variable or a property');
}

/** Assigns to anything that may stand left of `=`. */
export function assignTo(node: ts.Expression, value: unknown, scope: Scope): void {
  if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node))
    assignPattern(node, value, scope);
  else place(node, scope).write(value);
}

function setVariable(node: ts.Identifier, value: unknown, scope: Scope): void {
  const binding = scope.find(node.text);
  if (!binding) fails(scope.world, node, `there is no variable ${node.text}`);
  if (!binding.ready) fails(scope.world, node, `${node.text} is assigned before its declaration`);
  if (!binding.mutable)
    fails(scope.world, node, `${node.text} is a constant and cannot be assigned`, 'declare it with let');
  binding.value = value;
}
