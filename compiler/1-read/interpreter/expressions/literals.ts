/** Object, array and template literals. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { textual } from './coercion.ts';
import { evaluate } from './evaluate.ts';
import { makeFunction } from './functions.ts';
import { iterate } from './iterate.ts';
import { propertyName } from './members.ts';

/** An array; if it spreads a value of the run, it is one itself. */
export function evaluateArray(node: ts.ArrayLiteralExpression, scope: Scope): unknown {
  const values: unknown[] = [];
  let host: HostReference | undefined;
  for (const element of node.elements) {
    if (ts.isOmittedExpression(element)) {
      values.length++;
    } else if (ts.isSpreadElement(element)) {
      const spread = evaluate(element.expression, scope);
      if (spread instanceof HostReference) host ??= spread;
      else spreadInto(values, spread, element.expression, scope);
    } else {
      values.push(evaluate(element, scope));
    }
  }
  return host ?? values;
}

function spreadInto(values: unknown[], spread: unknown, node: ts.Expression, scope: Scope): void {
  for (const value of iterate(spread, node, scope)) values.push(value);
  // What is copied by one step counts less than a step each.
  scope.world.spend(node, Math.ceil(values.length / 8));
  scope.world.allocate(values.length, node);
}

export function evaluateObject(node: ts.ObjectLiteralExpression, scope: Scope): unknown {
  const object: Record<string | symbol, unknown> = {};
  let host: HostReference | undefined;
  const define = (name: ts.PropertyName, value: unknown): void => {
    const key = propertyName(name, scope);
    if (key instanceof HostReference) host ??= key;
    else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  };
  for (const member of node.properties) {
    if (ts.isPropertyAssignment(member)) {
      if (ts.isIdentifier(member.name) && member.name.text === '__proto__') {
        unsupported(scope.world, member, '__proto__', 'spread the other object: { ...other, … }');
      }
      define(member.name, evaluate(member.initializer, scope));
    } else if (ts.isShorthandPropertyAssignment(member)) {
      define(member.name, evaluate(member.name, scope));
    } else if (ts.isSpreadAssignment(member)) {
      const spread = evaluate(member.expression, scope);
      if (spread instanceof HostReference) host ??= spread;
      else Object.assign(object, spread);
    } else if (ts.isMethodDeclaration(member)) {
      define(member.name, makeFunction(member, scope));
    } else {
      unsupported(scope.world, member, 'getters and setters', 'write a property or a method');
    }
  }
  return host ?? object;
}

/** A string; if a part is a value of the run, it is one itself. */
export function evaluateTemplate(node: ts.TemplateExpression, scope: Scope): unknown {
  let text = node.head.text;
  let host: HostReference | undefined;
  for (const span of node.templateSpans) {
    const value = evaluate(span.expression, scope);
    if (value instanceof HostReference) host ??= value;
    else text += `${textual(value, span.expression, scope)}${span.literal.text}`;
  }
  return host ?? text;
}
