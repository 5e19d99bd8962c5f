/** Calls of the language's own functions: `Math.sqrt(2)`, `names.map(…)`. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { DiagnosticError } from '../../../diagnostics/diagnostic.ts';
import { Node } from '../../../ir/node.ts';
import { at } from '../../../ir/site.ts';
import { isMathFunction } from '../builtins/globals.ts';
import type { Treatment } from '../builtins/language-members.ts';
import { changesReceiver } from '../builtins/language-members.ts';
import { textOf } from '../place.ts';
import type { Callable } from '../present.ts';
import type { World } from '../reading-context.ts';
import { fails } from '../refusals.ts';
import { tryPattern } from '../regular-expressions.ts';
import type { Scope } from '../scope.ts';
import { isOpen } from '../statements/outer-effects.ts';
import { handOver } from '../statements/skip.ts';
import { isPrimitive, refuseTensor } from './coercion.ts';

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
  const counted = treatment.storing ? placing(callee, args) : [...args, givenLength(args)];
  const host =
    counted.find((arg) => arg instanceof HostReference) ??
    (looksInside(callee, object) ? hostInside([object, ...args], world) : undefined);
  if (host) return belongsToRun(host, { callee, object, args, treatment }, node, scope);
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
  if (callee === Array.prototype.push) world.allocate((object as unknown[]).length, node);
  world.spend(node, copied(object, args));
  tryPattern(callee, object, args, node, scope);
  const isDeciding = treatment.deciding || takesAnswersApart(callee, object);
  const given = args.map((arg) => watched(arg, isDeciding, node, scope));
  const run = (): unknown =>
    world.calling(node, () => guarded(node, scope, () => Reflect.apply(callee, object, given)));
  if (!given.some((arg) => typeof arg === 'function')) return run();
  // Ops may be called from here, as in tensors.map(relu); this is then their place.
  const placed = (): unknown => at(world.siteOf(node), run);
  const giveUp = (why: HostReference): unknown =>
    belongsToRun(why, { callee, object, args, treatment }, node, scope);
  try {
    return world.loop(node, placed, giveUp);
  } catch (error) {
    if (error instanceof Undecided) return giveUp(error.answer);
    throw error;
  }
}

/** The call is left to the run, with all that it would change. */
function belongsToRun(
  host: HostReference,
  { callee, object, args }: LanguageCall,
  node: ts.Node,
  { world }: Scope,
): HostReference {
  const changed = changesReceiver(callee) ? object : callee === Object.assign ? args[0] : undefined;
  if (isOpen(changed))
    world.taint(changed, `what it holds from here on depends on the run (${host.why})`, node);
  handOver(args, world, host);
  return host;
}

/** The arguments of a storing function that say where or how many, or under which key. */
function placing(callee: Callable, args: readonly unknown[]): readonly unknown[] {
  if (callee === Map.prototype.set) return args.slice(0, 1);
  if (callee === Set.prototype.add) return args;
  if (callee === Array.prototype.splice) return args.slice(0, 2);
  if (callee === Array.prototype.fill) return args.slice(1);
  return callee === Array.prototype.with ? args.slice(0, 1) : [];
}

/** What walking or copying costs in steps: less than one an element, as the language does it at one go. */
function copied(object: unknown, args: readonly unknown[]): number {
  let length = 0;
  for (const each of [object, ...args])
    if (typeof each === 'string' || Array.isArray(each)) length += each.length;
  return length >> 3;
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

const looksInside = (callee: Callable, object: unknown): boolean =>
  ArrayBuffer.isView(object) ||
  callee.name === 'make' ||
  callee === Array.prototype.sort ||
  callee === Array.prototype.toSorted ||
  callee === Object.fromEntries ||
  callee === JSON.stringify ||
  callee === Array.prototype.join ||
  callee === Array.prototype.includes ||
  callee === Array.prototype.indexOf ||
  callee === structuredClone ||
  callee === Array.prototype.flat ||
  callee.name === 'String';

/** A value of the run somewhere inside plain data. */
export function hostInside(
  given: unknown,
  world: World,
  seen = new Set<unknown>(),
): HostReference | undefined {
  const value = world.present(given);
  if (value instanceof HostReference) return value;
  if (isPrimitive(value) || typeof value === 'function' || seen.has(value)) return undefined;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return undefined;
  seen.add(value);
  for (const item of Object.values(value as object)) {
    const host = hostInside(item, world, seen);
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

/** Functions that do more with the answers of a callback than to keep them. */
const takesAnswersApart = (callee: Callable, object: unknown): boolean =>
  ArrayBuffer.isView(object) ||
  typeof object === 'string' ||
  callee.name === 'make' ||
  callee.name === 'groupBy' ||
  callee === Array.prototype.flatMap;

/** A callback that had to decide gave a value of the run. */
class Undecided {
  readonly answer: HostReference;

  constructor(answer: HostReference) {
    this.answer = answer;
  }
}

/** A callback that cannot decide by a value of the run, and pays for lists that it answers with, as for flatMap. */
function watched(callback: unknown, deciding: boolean, node: ts.CallExpression, { world }: Scope): unknown {
  if (typeof callback !== 'function') return callback;
  return (...args: unknown[]): unknown => {
    const answer: unknown = Reflect.apply(callback, undefined, args);
    if (deciding && answer instanceof HostReference) throw new Undecided(answer);
    if (Array.isArray(answer)) world.spend(node, answer.length >> 3);
    return answer;
  };
}
