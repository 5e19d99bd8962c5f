/** Loops with bounds that are known: each turn is run. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../dsl/host-reference.ts';
import { assignTo } from './assignment.ts';
import { truth } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import type { Completion } from './execute.ts';
import { declareVariables, execute } from './execute.ts';
import { declareAll, namesIn } from './hoist.ts';
import { iterate } from './iterate.ts';
import { bind } from './patterns.ts';
import { unsupported } from './refusals.ts';
import type { Scope } from './scope.ts';
import { skip } from './skip-unknown.ts';

type Loop = ts.IterationStatement;
/** A turn ended: go on, leave the loop, or leave more than the loop. */
type Turn = 'next' | 'leave' | Completion;

export function executeLoop(node: Loop, labels: readonly string[], scope: Scope): Completion | undefined {
  if (ts.isForOfStatement(node)) return forOf(node, labels, scope);
  if (ts.isForStatement(node)) return forLoop(node, labels, scope);
  if (ts.isForInStatement(node))
    return unsupported(scope.world, node, 'for … in', 'write for (const key of Object.keys(…))');
  if (ts.isDoStatement(node)) return whileLoop(node, labels, scope, true);
  return whileLoop(node as ts.WhileStatement, labels, scope, false);
}

function turn(node: Loop, labels: readonly string[], scope: Scope): Turn {
  const completion = execute(node.statement, scope);
  if (!completion) return 'next';
  if (completion.kind === 'return') return completion;
  const { label } = completion;
  if (label !== undefined && !labels.includes(label)) return completion;
  return completion.kind === 'break' ? 'leave' : 'next';
}

function forOf(node: ts.ForOfStatement, labels: readonly string[], scope: Scope): Completion | undefined {
  const values = evaluate(node.expression, scope);
  if (values instanceof HostReference || node.awaitModifier) {
    skip(
      node,
      scope,
      values instanceof HostReference ? values : scope.world.host('for await runs with the program', node),
    );
    return undefined;
  }
  for (const value of iterate(values, node.expression, scope)) {
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
      if (value instanceof HostReference) {
        skip(node, scope, value);
        return undefined;
      }
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
      if (value instanceof HostReference) {
        skip(node, scope, value);
        return undefined;
      }
      if (!truth(value, node.expression, scope)) return undefined;
    }
    const result = turn(node, labels, scope.block());
    if (result === 'leave') return undefined;
    if (result !== 'next') return result;
  }
}
