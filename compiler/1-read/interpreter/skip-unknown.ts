/** Code that cannot be followed is skipped; variables that it assigns become values of the run. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../dsl/host-reference.ts';
import { SRC111 } from '../../diagnostics/source.ts';
import { namesIn } from './hoist.ts';
import { isAssignment } from './operators.ts';
import { spanOf, textOf } from './place.ts';
import type { Binding, Scope } from './scope.ts';

const mutating = new Set([
  'add',
  'clear',
  'copyWithin',
  'delete',
  'fill',
  'pop',
  'push',
  'reverse',
  'set',
  'shift',
  'sort',
  'splice',
  'unshift',
  'assign',
]);

interface Skipped {
  /** Outer variables that the code assigns. */
  readonly assigned: Set<Binding>;
  /** Functions that have been looked into. */
  readonly seen: Set<ts.Node>;
}

/**
 * Passes over `node`, of which `why` is not known. Outer variables that it assigns are values of the run from then on.
 * Refuses when it changes an outer object or leaves by return, break or continue: then what is read depends on it.
 */
export function skip(node: ts.Node, scope: Scope, why: HostReference): void {
  const skipped: Skipped = { assigned: new Set(), seen: new Set() };
  const effect = outerEffect(node, scope, skipped, false);
  if (effect) {
    const born = scope.world.hostReferences.get(why);
    scope.world.fail(
      effect,
      SRC111({
        message: 'whether this runs is only known at run time, and what is read depends on it',
        span: spanOf(effect),
        label: textOf(effect, 40),
        labels: born ? [{ span: born, text: why.why }] : [],
        hint: 'decide with a constant, or keep what depends on the run out of the pipeline',
      }),
    );
  }
  for (const binding of skipped.assigned) {
    binding.value = why;
    binding.ready = true;
  }
}

function outerEffect(root: ts.Node, scope: Scope, skipped: Skipped, isBody: boolean): ts.Node | undefined {
  const own = new Set<string>();
  collectNames(root, own);
  const outer = (node: ts.Expression): Binding | undefined => {
    const name = rootName(node);
    const binding = name === undefined || own.has(name) ? undefined : scope.find(name);
    return binding && !(binding.value instanceof HostReference) ? binding : undefined;
  };
  /** True when an outer object is changed; assigned variables are noted. */
  const changes = (target: ts.Expression): boolean => {
    const binding = outer(target);
    if (!binding) return false;
    if (!ts.isIdentifier(target)) return true;
    skipped.assigned.add(binding);
    return false;
  };
  const visit = (node: ts.Node, loops: number): ts.Node | undefined => {
    if (ts.isFunctionLike(node)) return undefined;
    if (ts.isReturnStatement(node) && !isBody) return node;
    if ((ts.isBreakStatement(node) || ts.isContinueStatement(node)) && (node.label || loops === 0))
      return node;
    const target = assignedBy(node);
    if (target && changes(target)) return node;
    if (ts.isCallExpression(node)) {
      const changed = changedBy(node);
      if (changed && outer(changed)) return node;
      if (called(node, scope, own, skipped)) return node;
    }
    const inside = ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) ? loops + 1 : loops;
    return ts.forEachChild(node, (child) => visit(child, inside));
  };
  return visit(root, 0);
}

function assignedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node)) return node.left;
  if (ts.isDeleteExpression(node)) return node.expression;
  const steps = (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node);
  return steps ? node.operand : undefined;
}

/** The variable at the root of `a.b[0].c`. */
function rootName(node: ts.Expression): string | undefined {
  let base = node;
  while (
    ts.isPropertyAccessExpression(base) ||
    ts.isElementAccessExpression(base) ||
    ts.isNonNullExpression(base)
  ) {
    base = base.expression;
  }
  return ts.isIdentifier(base) ? base.text : undefined;
}

/** What `list.push(x)` and `Object.assign(options, …)` change. */
function changedBy({ expression, arguments: [first] }: ts.CallExpression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(expression) || !mutating.has(expression.name.text)) return undefined;
  return expression.name.text === 'assign' ? first : expression.expression;
}

/** A call of a function of the user's does what its body does. */
function called(node: ts.CallExpression, scope: Scope, own: ReadonlySet<string>, skipped: Skipped): boolean {
  if (!ts.isIdentifier(node.expression) || own.has(node.expression.text)) return false;
  const value = scope.find(node.expression.text)?.value;
  const closure = typeof value === 'function' ? scope.world.closures.get(value) : undefined;
  if (!closure?.node.body || skipped.seen.has(closure.node)) return false;
  skipped.seen.add(closure.node);
  return outerEffect(closure.node.body, closure.scope, skipped, true) !== undefined;
}

function isStep(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): boolean {
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

/** The names declared inside, parameters of the function around a body included. */
function collectNames(node: ts.Node, names: Set<string>): void {
  if (ts.isFunctionLike(node.parent)) for (const { name } of node.parent.parameters) addAll(name, names);
  const visit = (child: ts.Node): void => {
    if (ts.isVariableDeclaration(child) || ts.isParameter(child)) addAll(child.name, names);
    else if ((ts.isFunctionDeclaration(child) || ts.isClassDeclaration(child)) && child.name)
      names.add(child.name.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
}

function addAll(name: ts.Node, names: Set<string>): void {
  if (ts.isIdentifier(name) || ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) {
    for (const text of namesIn(name)) names.add(text);
  }
}
