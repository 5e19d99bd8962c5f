/** Code of which only the run knows whether it runs is passed over; what it would change becomes a value of the run. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import type { Closure, World } from '../reading-context.ts';
import type { Scope } from '../scope.ts';
import type { Completion } from './execute.ts';
import { Effects } from './outer-effects.ts';

/**
 * Passes over `node`, of which `why` is not known. Outer variables that it assigns and outer objects that it changes are
 * values of the run from then on. Where it may leave by return, break or continue, the completion says so.
 */
export function skip(node: ts.Node, scope: Scope, why: HostReference): Completion | undefined {
  const effects = new Effects(scope.world);
  effects.ofSyntax(node, scope);
  effects.apply(why);
  return effects.leaves.size > 0 ? { kind: 'unknown', value: why, leaves: effects.leaves } : undefined;
}

/** Passes over what may follow a statement that may have left. */
export function skipRest(
  rest: readonly ts.Statement[],
  scope: Scope,
  completion: Completion & { readonly kind: 'unknown' },
): Completion {
  const leaves = new Set(completion.leaves);
  for (const statement of rest) {
    const more = skip(statement, scope, completion.value);
    if (more?.kind === 'unknown') for (const leave of more.leaves) leaves.add(leave);
  }
  return { ...completion, leaves };
}

/** Host code is given these values: functions of the user's among them may be called, once, often or never. */
export function handOver(values: readonly unknown[], world: World, why: HostReference): void {
  const closures = values.flatMap((value) => closuresIn(value, world));
  if (closures.length === 0) return;
  const effects = new Effects(world);
  for (const closure of closures) effects.ofCall(closure, [], undefined);
  effects.apply(why);
}

/** A call that is not followed: of a function of the user's that belongs to the run, or with an unknown number of arguments. */
export function passOver(
  callee: unknown,
  object: unknown,
  args: readonly unknown[],
  world: World,
  why: HostReference,
): void {
  const closure = callee instanceof HostReference ? world.hostCode.get(callee) : closureOf(callee, world);
  if (closure) {
    const effects = new Effects(world);
    effects.ofCall(closure, args, object);
    effects.apply(why);
  }
  handOver(args, world, why);
}

function closureOf(value: unknown, world: World): Closure | undefined {
  if (value instanceof HostReference) return world.hostCode.get(value);
  return typeof value === 'function' ? world.closures.get(value) : undefined;
}

/** The user's functions in a value: itself, or members of plain data. */
function closuresIn(value: unknown, world: World, seen = new Set<unknown>()): Closure[] {
  const closure = closureOf(value, world);
  if (closure) return [closure];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value).flatMap((item) => closuresIn(item, world, seen)) : [];
}
