/** Loops with bounds that are known: each turn is run. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { assignTo } from '../expressions/assignment.ts';
import { describe } from '../expressions/coercion.ts';
import { truth } from '../expressions/conditions.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { iterate } from '../expressions/iterate.ts';
import { bind } from '../expressions/patterns.ts';
import { unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import type { Completion } from './execute.ts';
import { declareVariables, execute } from './execute.ts';
import { declareAll, namesIn } from './hoist.ts';
import { skip } from './skip.ts';

/** A turn ended: go on, leave the loop, or leave more than the loop. */
type Turn = 'next' | 'leave' | Completion;

export function executeLoop(
  node: ts.IterationStatement,
  labels: readonly string[],
  scope: Scope,
): Completion | undefined {
  return scope.world.loop(
    node,
    () => follow(node, labels, scope),
    (why) => skip(node, scope, why),
  );
}

function follow(
  node: ts.IterationStatement,
  labels: readonly string[],
  scope: Scope,
): Completion | undefined {
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return forEach(node, labels, scope);
  if (ts.isForStatement(node)) return forLoop(node, labels, scope);
  if (ts.isDoStatement(node)) return whileLoop(node, labels, scope, true);
  return whileLoop(node as ts.WhileStatement, labels, scope, false);
}

function turn(node: ts.IterationStatement, labels: readonly string[], scope: Scope): Turn {
  const completion = execute(node.statement, scope);
  if (!completion) return 'next';
  if (completion.kind === 'return') return completion;
  if (completion.kind === 'unknown') return maybe(node, labels, scope, completion);
  const { label } = completion;
  if (label !== undefined && !labels.includes(label)) return completion;
  return completion.kind === 'break' ? 'leave' : 'next';
}

/** Only the run knows whether this turn was the last: further ones are passed over. */
function maybe(
  node: ts.IterationStatement,
  labels: readonly string[],
  scope: Scope,
  completion: Completion & { readonly kind: 'unknown' },
): Turn {
  const leaves = [...completion.leaves].filter((leave) => leave !== 'continue');
  if (leaves.length === 0) return 'next';
  skip(node, scope, completion.value);
  const farther = leaves.filter(
    (leave) => leave !== 'break' && !labels.some((name) => leave === `to ${name}`),
  );
  return farther.length > 0 ? { ...completion, leaves: new Set(farther) } : 'leave';
}

function forEach(
  node: ts.ForOfStatement | ts.ForInStatement,
  labels: readonly string[],
  scope: Scope,
): Completion | undefined {
  const { world } = scope;
  const values = evaluate(node.expression, scope);
  if (values instanceof HostReference) return skip(node, scope, values);
  if (ts.isForOfStatement(node) && node.awaitModifier)
    return skip(node, scope, world.host('for await runs with the program', node));
  const turns = ts.isForInStatement(node)
    ? keysOf(values, node.expression, scope)
    : iterate(values, node.expression, scope);
  for (const value of turns) {
    const inner = scope.block();
    if (ts.isVariableDeclarationList(node.initializer)) {
      declareAll(node.initializer, inner);
      const isVar = (node.initializer.flags & ts.NodeFlags.BlockScoped) === 0;
      for (const { name } of node.initializer.declarations)
        bind(name, value, isVar ? inner.owner : inner, false);
    } else {
      assignTo(node.initializer, value, scope);
    }
    const result = turn(node, labels, inner);
    if (result === 'leave') return undefined;
    if (result !== 'next') return result;
  }
  return undefined;
}

/** The names that `for … in` walks. Prototypes are never the user's. */
function keysOf(value: unknown, node: ts.Expression, scope: Scope): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) || typeof value === 'string' || Object.getPrototypeOf(value) === Object.prototype)
    return Object.keys(value);
  return unsupported(scope.world, node, `for … in on ${describe(value)}`, 'write for (const key of …)');
}

function forLoop(node: ts.ForStatement, labels: readonly string[], scope: Scope): Completion | undefined {
  let inner = scope.block();
  const { initializer } = node;
  const names: string[] = [];
  if (initializer && ts.isVariableDeclarationList(initializer)) {
    declareVariables(initializer, inner);
    if ((initializer.flags & ts.NodeFlags.Let) !== 0) {
      names.push(...initializer.declarations.flatMap(({ name }) => [...namesIn(name)]));
    }
  } else if (initializer) {
    evaluate(initializer, inner);
  }
  for (;;) {
    if (node.condition) {
      const value = evaluate(node.condition, inner);
      if (value instanceof HostReference) return skip(node, scope, value);
      if (!truth(value, node.condition, inner)) return undefined;
    }
    const result = turn(node, labels, inner);
    if (result === 'leave') return undefined;
    if (result !== 'next') return result;
    // Each turn has variables of its own, so that closures keep the ones they saw.
    const following = scope.block();
    for (const name of names) {
      following.declare(name, true);
      following.initialise(name, inner.find(name)?.value);
    }
    inner = names.length > 0 ? following : inner;
    if (node.incrementor) evaluate(node.incrementor, inner);
    scope.world.spend(node);
  }
}

function whileLoop(
  node: ts.WhileStatement | ts.DoStatement,
  labels: readonly string[],
  scope: Scope,
  isDo: boolean,
): Completion | undefined {
  for (let first = isDo; ; first = false) {
    if (!first) {
      const value = evaluate(node.expression, scope);
      if (value instanceof HostReference) return skip(node, scope, value);
      if (!truth(value, node.expression, scope)) return undefined;
    }
    const result = turn(node, labels, scope.block());
    if (result === 'leave') return undefined;
    if (result !== 'next') return result;
  }
}
