/** Reading and writing members: own properties, the language's own methods, and what the library's objects offer. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts';
import { at } from '../../../ir/site.ts';
import { unoffered } from '../builtins/globals.ts';
import { languageMember } from '../builtins/language-members.ts';
import { textOf } from '../place.ts';
import type { Present } from '../present.ts';
import { fails, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { handOver } from '../statements/skip.ts';
import { describe, isPrimitive, primitive } from './coercion.ts';
import { evaluate, evaluateLink, missing } from './evaluate.ts';

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;

export function evaluateMember(node: Access, scope: Scope): unknown {
  const { object, value } = memberWithObject(node, scope);
  return object === missing ? missing : value;
}

/** The object as well, which becomes `this` when the member is called. */
export function memberWithObject(
  node: Access,
  scope: Scope,
): { readonly object: unknown; readonly value: unknown } {
  if (isImportMeta(node.expression)) return { object: undefined, value: importMeta(node, scope) };
  const object = evaluateLink(node.expression, scope);
  if (object === missing) return { object: missing, value: undefined };
  if (node.questionDotToken && (object === null || object === undefined))
    return { object: missing, value: undefined };
  return { object, value: readMember(object, memberKey(node, scope), node, scope) };
}

export function memberKey(node: Access, scope: Scope): PropertyKey | HostReference {
  if (ts.isPropertyAccessExpression(node)) {
    if (ts.isPrivateIdentifier(node.name)) unsupported(scope.world, node, 'private members', 'use a closure');
    return node.name.text;
  }
  return computedKey(node.argumentExpression, scope);
}

export function propertyName(name: ts.PropertyName, scope: Scope): PropertyKey | HostReference {
  if (ts.isComputedPropertyName(name)) return computedKey(name.expression, scope);
  if (ts.isNumericLiteral(name)) return String(Number(name.text));
  return name.text;
}

function computedKey(node: ts.Expression, scope: Scope): PropertyKey | HostReference {
  const key = evaluate(node, scope);
  if (key instanceof HostReference) return key;
  return typeof key === 'number' ? key : String(primitive(key, node, scope, 'the name of a property'));
}

/**
 * Only such members are read as run no code of the user's host: own properties, a fixed list of the language's
 * methods, and methods of the library's classes. What TypeScript refuses at this place is not refused again.
 */
export function readMember(
  object: unknown,
  key: PropertyKey | HostReference,
  node: ts.Node,
  scope: Scope,
): unknown {
  if (object instanceof HostReference) return object;
  if (key instanceof HostReference) return key;
  if (object === null || object === undefined) {
    fails(
      scope.world,
      node,
      `${describe(object)} has no property ${String(key)}`,
      'ask with ?. whether it is there',
    );
  }
  let value = lookUp(object, key);
  if (value === undefined) {
    const other = unoffered(object, key);
    if (other === 'run') return scope.world.host(`${textOf(node)} gives another value in each run`, node);
    if (other === 'refused') value = forbidden;
    const known = scope.world.typeErrors.at(node);
    if (known) throw new DiagnosticError([known]);
    // Rows of columns refuse names that they do not have, and say so at the user's place.
    if (isPlain(object) && !(key in Object.prototype))
      value = at(scope.world.siteOf(node), () => Reflect.get(object, key) as unknown);
  }
  if (value === forbidden) {
    unsupported(
      scope.world,
      node,
      `the member ${String(key)} of ${describe(object)}`,
      'the common methods of arrays, objects, strings and numbers are read',
    );
  }
  return value;
}

const forbidden = Symbol('forbidden');

function lookUp(object: Present, key: PropertyKey): unknown {
  const isFunction = typeof object === 'function';
  const hidden = isFunction && (key === 'prototype' || key === 'caller' || key === 'arguments');
  if (!hidden && !isPrimitive(object) && Object.hasOwn(object, key))
    return (object as Record<PropertyKey, unknown>)[key];
  if (typeof object === 'string' && (key === 'length' || isIndex(key)))
    return (object as unknown as Record<PropertyKey, unknown>)[key];
  const method = languageMember(object, key);
  if (method) return method.value;
  if (isOfLanguage(object)) return key in Object(object) ? forbidden : undefined;
  // An object of the library: its class is ours, so its members may be read.
  return key === 'constructor' || key === '__proto__'
    ? forbidden
    : (object as Record<PropertyKey, unknown>)[key];
}

const isIndex = (key: PropertyKey): boolean =>
  typeof key === 'number' || (typeof key === 'string' && /^\d+$/.test(key));

const isPlain = (object: Present): object is object => Object.getPrototypeOf(object) === Object.prototype;

const languagePrototypes = new Set<unknown>([
  Object.prototype,
  Function.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  BigInt.prototype,
  Symbol.prototype,
  Map.prototype,
  Set.prototype,
  RegExp.prototype,
  Error.prototype,
  URL.prototype,
  Date.prototype,
  Promise.prototype,
  ArrayBuffer.prototype,
  null,
]);

/** Whether all that the object inherits from is the language's own. */
function isOfLanguage(object: Present): boolean {
  if (ArrayBuffer.isView(object) || object instanceof Error) return true;
  return languagePrototypes.has(Object.getPrototypeOf(object)) || Symbol.iterator in object;
}

export function writeMember(
  object: unknown,
  key: PropertyKey | HostReference,
  value: unknown,
  node: ts.Node,
  scope: Scope,
): void {
  const { world } = scope;
  if (object instanceof HostReference) {
    handOver([value], world, object);
    return;
  }
  if (object === null || object === undefined)
    fails(scope.world, node, `${describe(object)} has no property ${String(key)}`);
  const takes = Array.isArray(object) || ArrayBuffer.isView(object) || isPlain(object);
  if (!takes || key === '__proto__') {
    unsupported(
      scope.world,
      node,
      `an assignment to a member of ${describe(object)}`,
      'only arrays and plain objects take new values',
    );
  }
  // A number that only the run has would be none here; which element or how many, even less.
  const host = key instanceof HostReference ? key : value;
  if (host instanceof HostReference && (host === key || key === 'length' || ArrayBuffer.isView(object))) {
    world.taint(object, `what it holds from here on depends on the run (${host.why})`, node);
    return;
  }
  if (key instanceof HostReference) return;
  if (Array.isArray(object) && key === 'length') scope.world.allocate(value, node);
  if (Array.isArray(object) && isIndex(key)) scope.world.allocate(Number(key), node);
  if (!Reflect.set(object, key, value))
    fails(scope.world, node, `${String(key)} cannot be assigned`, 'the object is frozen');
}

export function isImportMeta(node: ts.Expression): boolean {
  return ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword;
}

/** What `import.meta` says of a file follows from its path. */
function importMeta(node: Access, scope: Scope): unknown {
  const key = memberKey(node, scope);
  const known = typeof key === 'string' ? scope.world.metaOf(node.getSourceFile().fileName)[key] : undefined;
  return known ?? scope.world.host(`import.meta.${String(key)} exists only when the program runs`, node);
}
