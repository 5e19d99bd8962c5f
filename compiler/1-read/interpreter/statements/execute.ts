/** What a statement does: variables, conditions, blocks; loops are next door. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { truth } from '../expressions/conditions.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { hostCode } from '../expressions/functions.ts';
import { bind } from '../expressions/patterns.ts';
import { fails, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { makeEnum } from './enums.ts';
import { declareAll, hoist, isAmbient } from './hoist.ts';
import { executeLoop } from './loops.ts';
import type { Leave } from './outer-effects.ts';
import { skip, skipRest } from './skip.ts';
import { executeSwitch } from './switch.ts';

/** How a statement ends when not by running through. */
export type Completion =
  | { readonly kind: 'return'; readonly value: unknown }
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined }
  /** Only the run knows whether it leaves, and which way. */
  | { readonly kind: 'unknown'; readonly value: HostReference; readonly leaves: ReadonlySet<Leave> };

export function execute(node: ts.Statement, scope: Scope): Completion | undefined {
  scope.world.spend(node);
  if (ts.isVariableStatement(node))
    return isAmbient(node) ? undefined : declareVariables(node.declarationList, scope);
  if (ts.isExpressionStatement(node)) {
    evaluate(node.expression, scope);
    return undefined;
  }
  if (ts.isReturnStatement(node))
    return { kind: 'return', value: node.expression && evaluate(node.expression, scope) };
  if (ts.isIfStatement(node)) return executeIf(node, scope);
  if (ts.isBlock(node)) return executeAll(node.statements, scope.block());
  if (ts.isIterationStatement(node, false)) return executeLoop(node, [], scope);
  if (ts.isSwitchStatement(node)) return executeSwitch(node, scope);
  if (ts.isBreakStatement(node)) return { kind: 'break', label: node.label?.text };
  if (ts.isContinueStatement(node)) return { kind: 'continue', label: node.label?.text };
  if (ts.isThrowStatement(node)) return executeThrow(node, scope);
  if (ts.isLabeledStatement(node)) return executeLabeled(node, [], scope);
  if (ts.isFunctionDeclaration(node) || ts.isEmptyStatement(node) || isAmbient(node)) return undefined;
  if (ts.isEnumDeclaration(node)) {
    scope.initialise(node.name.text, makeEnum(node, scope));
    return undefined;
  }
  if (ts.isClassDeclaration(node)) {
    if (node.name)
      scope.initialise(node.name.text, hostCode('a class is host code, which is not read', node, scope));
    return undefined;
  }
  if (ts.isTryStatement(node)) {
    // Which part of it runs is decided by errors of the run.
    return skip(node, scope, scope.world.host('try and catch belong to the run', node));
  }
  return unsupported(
    scope.world,
    node,
    'this statement',
    'variables, functions, if, for, while and switch are read',
  );
}

/** Runs statements in a scope of theirs. */
export function executeAll(statements: readonly ts.Statement[], scope: Scope): Completion | undefined {
  hoist(statements, scope);
  return executeEach(statements, scope);
}

/** Runs statements whose names are known already. */
export function executeEach(statements: readonly ts.Statement[], scope: Scope): Completion | undefined {
  for (const [i, statement] of statements.entries()) {
    const completion = execute(statement, scope);
    if (completion?.kind === 'unknown') return skipRest(statements.slice(i + 1), scope, completion);
    if (completion) return completion;
  }
  return undefined;
}

export function declareVariables(list: ts.VariableDeclarationList, scope: Scope): undefined {
  const { Using, BlockScoped } = ts.NodeFlags;
  if ((list.flags & Using) !== 0 && (list.flags & BlockScoped) === Using)
    unsupported(scope.world, list, 'using', 'write const');
  declareAll(list, scope);
  const isVar = (list.flags & BlockScoped) === 0;
  for (const { name, initializer } of list.declarations) {
    if (isVar && !initializer) continue;
    bind(name, initializer && evaluate(initializer, scope), isVar ? scope.owner : scope, true);
  }
}

function executeIf(node: ts.IfStatement, scope: Scope): Completion | undefined {
  const value = evaluate(node.expression, scope);
  if (value instanceof HostReference) {
    const first = skip(node.thenStatement, scope, value);
    const second = node.elseStatement && skip(node.elseStatement, scope, value);
    return first?.kind === 'unknown' && second?.kind === 'unknown'
      ? { ...first, leaves: new Set([...first.leaves, ...second.leaves]) }
      : (first ?? second);
  }
  if (truth(value, node.expression, scope)) return execute(node.thenStatement, scope.block());
  return node.elseStatement && execute(node.elseStatement, scope.block());
}

function executeThrow(node: ts.ThrowStatement, scope: Scope): never {
  const value = evaluate(node.expression, scope);
  const message = value instanceof Error ? value.message : typeof value === 'string' ? value : 'something';
  return fails(scope.world, node, `the program throws here: ${message}`);
}

/** `outer: for (…)`; the labels before a loop belong to it. */
function executeLabeled(
  node: ts.LabeledStatement,
  labels: readonly string[],
  scope: Scope,
): Completion | undefined {
  const own = [...labels, node.label.text];
  const { statement } = node;
  if (ts.isLabeledStatement(statement)) return executeLabeled(statement, own, scope);
  const completion = ts.isIterationStatement(statement, false)
    ? executeLoop(statement, own, scope)
    : execute(statement, scope);
  if (completion?.kind === 'unknown') {
    const leaves = [...completion.leaves].filter((leave) => !own.some((name) => leave === `to ${name}`));
    return leaves.length > 0 ? { ...completion, leaves: new Set(leaves) } : undefined;
  }
  return completion?.kind === 'break' && completion.label !== undefined && own.includes(completion.label)
    ? undefined
    : completion;
}
