/** Calls of the language's own functions: `Math.sqrt(2)`, `names.map(…)`. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../dsl/host-reference.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { Node } from '../../ir/node.ts';
import { at } from '../../ir/site.ts';
import { isMathFunction } from './builtins/globals.ts';
import type { Treatment } from './builtins/language-members.ts';
import { isPrimitive, refuseTensor } from './coercion.ts';
import { textOf } from './place.ts';
import type { Callable } from './present.ts';
import { fails, refuseHost } from './refusals.ts';
import type { Scope } from './scope.ts';

export interface LanguageCall {
  readonly callee: Callable;
  readonly object: unknown;
  readonly args: unknown[];
  readonly treatment: Treatment;
}

export function callLanguage(
  { callee, object, args, treatment }: LanguageCall,
  node: ts.CallExpression,
  scope: Scope,
): unknown {
  const { world } = scope;
  if (!treatment.storing) {
    const host = [...args, givenLength(args)].find((arg) => arg instanceof HostReference);
    if (host) return host;
    if (looksInside(callee)) {
      const inner = hostInside([object, ...args]);
      if (inner) return inner;
    }
  }
  if (takesNumbers(callee) && args.some((arg) => arg instanceof Node)) {
    const name = textOf(node.expression);
    refuseTensor(
      node,
      scope,
      'a plain value',
      isMathFunction(callee)
        ? `${name} takes numbers; millrace has ops of the same names`
        : `${name} takes plain values`,
    );
  }
  if (treatment.sizing) world.allocate(Number(args[0]) * String(object).length, node);
  world.allocate(requestedLength(callee, args), node);
  const given = treatment.deciding ? args.map((arg) => decided(arg, node, scope)) : args;
  const run = (): unknown =>
    world.calling(node, () => guarded(node, scope, () => Reflect.apply(callee, object, given)));
  // Ops may be called from here, as in tensors.map(relu); this is then their place.
  return given.some((arg) => typeof arg === 'function') ? at(world.siteOf(node), run) : run();
}

/** Runs JavaScript's own code on known values; what it throws, the program would throw. */
export function guarded<T>(node: ts.Node, scope: Scope, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    if (!(error instanceof Error) || error.message.startsWith('internal:')) throw error;
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      return fails(
        scope.world,
        node,
        'the calls nest too deeply',
        'end the recursion earlier, or write it as a loop',
      );
    }
    return fails(scope.world, node, `this call fails: ${error.message}`);
  }
}

const takesNumbers = (callee: Callable): boolean =>
  isMathFunction(callee) ||
  ['Number', 'String', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'stringify', 'toFixed'].includes(
    callee.name,
  );

const looksInside = (callee: Callable): boolean =>
  callee === JSON.stringify ||
  callee === Array.prototype.join ||
  callee === Array.prototype.includes ||
  callee === Array.prototype.indexOf ||
  callee === structuredClone ||
  callee.name === 'String';

/** A value of the run somewhere inside plain data. */
export function hostInside(value: unknown, seen = new Set<unknown>()): HostReference | undefined {
  if (value instanceof HostReference) return value;
  if (isPrimitive(value) || typeof value === 'function' || seen.has(value)) return undefined;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return undefined;
  seen.add(value);
  for (const item of Object.values(value as object)) {
    const host = hostInside(item, seen);
    if (host) return host;
  }
  return undefined;
}

function requestedLength(callee: Callable, args: readonly unknown[]): unknown {
  if (callee.name === 'Array') return args.length === 1 ? args[0] : undefined;
  return callee === Array.from || callee.name === 'make' ? givenLength(args) : undefined;
}

/** The length of what an array is made like: `Array.from({ length })`. */
function givenLength([like]: readonly unknown[]): unknown {
  if (typeof like !== 'object' || like === null || Symbol.iterator in like) return undefined;
  return (like as { readonly length?: unknown }).length;
}

/** The callback, refusing to answer with a value of the run. */
function decided(callback: unknown, node: ts.CallExpression, scope: Scope): unknown {
  if (typeof callback !== 'function') return callback;
  return (...args: unknown[]): unknown => {
    const answer: unknown = Reflect.apply(callback, undefined, args);
    if (answer instanceof HostReference)
      refuseHost(
        scope.world,
        answer,
        node.arguments[0] ?? node,
        `the answer of the callback of ${textOf(node.expression)}`,
      );
    return answer;
  };
}
