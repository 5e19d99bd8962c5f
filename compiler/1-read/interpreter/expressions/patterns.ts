/** Destructuring: names out of arrays and objects, in declarations, parameters and assignments. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { Node } from '../../../ir/node.ts';
import { fails } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { assignTo } from './assignment.ts';
import { describe } from './coercion.ts';
import { evaluate } from './evaluate.ts';
import { iterate } from './iterate.ts';
import { propertyName, readMember } from './members.ts';

/** Gives the names of a declaration their values. Tensors that have no name yet take the variable's. */
export function bind(target: ts.BindingName, value: unknown, scope: Scope, named: boolean): void {
  if (ts.isIdentifier(target)) {
    if (named && value instanceof Node) value.name ??= target.text;
    scope.initialise(target.text, value);
  } else if (ts.isArrayBindingPattern(target)) {
    const next = elements(value, target, scope);
    for (const element of target.elements) {
      if (ts.isOmittedExpression(element)) next.one();
      else if (element.dotDotDotToken) bind(element.name, next.rest(), scope, named);
      else bind(element.name, orDefault(next.one(), element.initializer, scope), scope, named);
    }
  } else {
    present(value, target, scope);
    const taken = new Set<PropertyKey>();
    for (const element of target.elements) {
      if (element.dotDotDotToken) {
        bind(element.name, without(value, taken), scope, named);
        continue;
      }
      const key = element.propertyName ? propertyName(element.propertyName, scope) : nameText(element.name);
      const item = take(value, key, element, taken, scope);
      bind(element.name, orDefault(item, element.initializer, scope), scope, named);
    }
  }
}

/** The same for `[a, b] = pair` and `({ a } = object)`. */
export function assignPattern(
  target: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression,
  value: unknown,
  scope: Scope,
): void {
  if (ts.isArrayLiteralExpression(target)) {
    const next = elements(value, target, scope);
    for (const element of target.elements) {
      if (ts.isOmittedExpression(element)) next.one();
      else if (ts.isSpreadElement(element)) assignTo(element.expression, next.rest(), scope);
      else assignWithDefault(element, next.one(), scope);
    }
    return;
  }
  present(value, target, scope);
  const taken = new Set<PropertyKey>();
  for (const member of target.properties) {
    if (ts.isSpreadAssignment(member)) {
      assignTo(member.expression, without(value, taken), scope);
    } else if (ts.isShorthandPropertyAssignment(member)) {
      const item = take(value, member.name.text, member, taken, scope);
      assignTo(member.name, orDefault(item, member.objectAssignmentInitializer, scope), scope);
    } else if (ts.isPropertyAssignment(member)) {
      const item = take(value, propertyName(member.name, scope), member, taken, scope);
      assignWithDefault(member.initializer, item, scope);
    }
  }
}

function assignWithDefault(target: ts.Expression, value: unknown, scope: Scope): void {
  if (ts.isBinaryExpression(target) && target.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    assignTo(target.left, orDefault(value, target.right, scope), scope);
  } else {
    assignTo(target, value, scope);
  }
}

export function orDefault(value: unknown, initializer: ts.Expression | undefined, scope: Scope): unknown {
  return value === undefined && initializer ? evaluate(initializer, scope) : value;
}

/** Hands out the elements of a value one by one; of a value of the run, each is that value. */
function elements(value: unknown, node: ts.Node, scope: Scope): { one(): unknown; rest(): unknown } {
  if (value instanceof HostReference) return { one: () => value, rest: () => value };
  const iterator = iterate(value, node, scope)[Symbol.iterator]();
  const rest = (): unknown[] => {
    const all: unknown[] = [];
    for (let next = iterator.next(); !next.done; next = iterator.next()) all.push(next.value);
    return all;
  };
  return { one: () => iterator.next().value, rest };
}

function present(value: unknown, node: ts.Node, scope: Scope): void {
  if (value === null || value === undefined)
    fails(scope.world, node, `${describe(value)} cannot be destructured`);
}

function take(
  value: unknown,
  key: PropertyKey | HostReference,
  node: ts.BindingElement | ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
  taken: Set<PropertyKey>,
  scope: Scope,
): unknown {
  if (!(key instanceof HostReference)) taken.add(key);
  return readMember(value, key, node.name ?? node, scope);
}

function without(value: unknown, taken: ReadonlySet<PropertyKey>): unknown {
  if (value instanceof HostReference) return value;
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !taken.has(key)));
}

function nameText(name: ts.BindingName): string {
  return ts.isIdentifier(name) ? name.text : name.getText();
}
