/** Calls and `new`: of the user's functions, of the language's, of the library's, and of what exists only at run time. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts';
import { constructorOf } from '../builtins/globals.ts';
import { changesReceiver, treatmentOf } from '../builtins/language-members.ts';
import { textOf } from '../place.ts';
import { fails, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { isOpen } from '../statements/outer-effects.ts';
import { passOver, skip } from '../statements/skip.ts';
import { describe } from './coercion.ts';
import { evaluate, evaluateLink, missing } from './evaluate.ts';
import { iterate } from './iterate.ts';
import { callLanguage, guarded, hostInside } from './language-calls.ts';
import { callLibrary } from './library-calls.ts';
import { memberWithObject } from './members.ts';

export function evaluateCall(node: ts.CallExpression, scope: Scope): unknown {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return scope.world.host('a module that is imported while the program runs', node);
  }
  const { world } = scope;
  const { object, callee } = calleeOf(node.expression, scope);
  if (callee === missing) return missing;
  if (node.questionDotToken && (callee === null || callee === undefined)) return missing;
  if (callee instanceof HostReference && ts.isOptionalChain(node)) {
    // Whether the arguments are evaluated at all depends on the run.
    skip(node, scope, callee);
    return callee;
  }
  const { args, unknown } = evaluateArguments(node.arguments, scope);
  const host = callee instanceof HostReference ? callee : unknown;
  if (!host) return call(callee, object, args, node, scope);
  passOver(callee, object, args, world, host);
  if (changesReceiver(callee) && isOpen(object))
    world.taint(object, `what it holds from here on depends on the run (${host.why})`, node);
  return host;
}

function call(
  callee: unknown,
  object: unknown,
  args: unknown[],
  node: ts.CallExpression,
  scope: Scope,
): unknown {
  const { world } = scope;
  if (typeof callee !== 'function') {
    const known = world.typeErrors.at(node.expression);
    if (known) throw new DiagnosticError([known]);
    fails(world, node, `${textOf(node.expression)} is ${describe(callee)}, not a function`);
  }
  if (world.closures.has(callee)) {
    return world.calling(node, () => guarded(node, scope, () => Reflect.apply(callee, object, args)));
  }
  const treatment = treatmentOf(callee);
  return treatment
    ? callLanguage({ callee, object, args, treatment }, node, scope)
    : callLibrary(callee, object, args, node, scope);
}

function calleeOf(node: ts.Expression, scope: Scope): { readonly object: unknown; readonly callee: unknown } {
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const { object, value } = memberWithObject(node, scope);
    return object === missing ? { object: undefined, callee: missing } : { object, callee: value };
  }
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return calleeOf(node.expression, scope);
  return { object: undefined, callee: evaluateLink(node, scope) };
}

interface Arguments {
  readonly args: unknown[];
  /** A value of the run that is spread among them: then not even their number is known. */
  readonly unknown: HostReference | undefined;
}

function evaluateArguments(nodes: readonly ts.Expression[] | undefined, scope: Scope): Arguments {
  const args: unknown[] = [];
  let unknown: HostReference | undefined;
  for (const node of nodes ?? []) {
    if (!ts.isSpreadElement(node)) {
      args.push(evaluate(node, scope));
      continue;
    }
    const spread = evaluate(node.expression, scope);
    if (spread instanceof HostReference) {
      unknown ??= spread;
      args.push(spread);
      continue;
    }
    for (const value of iterate(spread, node.expression, scope)) args.push(value);
    scope.world.spend(node, Math.ceil(args.length / 8));
    scope.world.allocate(args.length, node);
  }
  return { args, unknown };
}

export function evaluateNew(node: ts.NewExpression, scope: Scope): unknown {
  const callee = evaluate(node.expression, scope);
  const { args, unknown } = evaluateArguments(node.arguments, scope);
  const given = callee instanceof HostReference ? callee : unknown;
  if (given) {
    passOver(callee, undefined, args, scope.world, given);
    return given;
  }
  const constructor = constructorOf(callee);
  if (!constructor)
    unsupported(scope.world, node, `new ${textOf(node.expression)}`, 'make objects with functions: ({ … })');
  const isHolding = constructor === Map || constructor === Array;
  const host = isHolding ? args.find((arg) => arg instanceof HostReference) : hostInside(args, scope.world);
  if (host) return host;
  if (typeof args[0] === 'number') scope.world.allocate(args[0], node);
  return guarded(node, scope, () => Reflect.construct(constructor, args));
}
