/** What a piece of code that is not run could change outside itself, found by looking at its syntax and known values. */
import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { isAssignment } from '../expressions/operators.ts';
import type { Present } from '../present.ts';
import type { Closure, World } from '../reading-context.ts';
import type { Binding, Scope } from '../scope.ts';
import { namesIn } from './hoist.ts';

/** How code may leave the place where it stands; `to` a label. */
export type Leave = 'break' | 'continue' | 'return' | `to ${string}`;

/** Methods of the language's own collections that change them. */
const mutating = new Set(
  'add clear copyWithin delete fill pop push reverse set shift sort splice unshift'.split(' '),
);
/** Functions of Object and Reflect that change their first argument. */
const changesFirst = new Set(
  'assign defineProperty defineProperties deleteProperty set setPrototypeOf'.split(' '),
);
/** How many calls are looked into, one inside the other. */
const depthLimit = 12;
/** How many objects are looked through when only where they come from is known. */
const reachLimit = 1000;

/** Where a walk is: names of the code's own with what they may stand for, and the scope of all others. */
interface Frame {
  readonly scope: Scope;
  readonly own: Map<string, Set<unknown>>;
  /** What `this` may be. */
  readonly self: readonly unknown[];
  /** Whether a return leaves more than what is walked. */
  readonly returns: boolean;
}

/** How many loops, switches and labels of its own surround a place of the code. */
interface Nesting {
  readonly breaks: number;
  readonly loops: number;
  readonly labels: readonly string[];
}

export class Effects {
  readonly leaves = new Set<Leave>();
  private readonly world: World;
  /** Outer variables that are assigned. */
  private readonly assigned = new Set<Binding>();
  /** Outer objects that are changed, and where. */
  private readonly changed = new Map<object, ts.Node>();
  private readonly active: ts.Node[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** Of code that stands at a place of a body, as far as it stands there. */
  ofSyntax(node: ts.Node, scope: Scope): void {
    const labels: string[] = [];
    for (let { parent } = node; ts.isLabeledStatement(parent); { parent } = parent)
      labels.push(parent.label.text);
    const frame: Frame = { scope, own: new Map(), self: [scope.self], returns: true };
    collectNames(node, frame.own);
    this.walk(node, frame, { breaks: 0, loops: 0, labels });
  }

  /** Of a call of a function of the user's. */
  ofCall({ node, scope }: Closure, args: readonly unknown[], object: unknown): void {
    this.call(
      node,
      scope,
      args.map((arg) => [arg]),
      [object],
    );
  }

  /** Makes what is changed a value of the run. */
  apply(why: HostReference): void {
    for (const binding of this.assigned) {
      binding.value = why;
      binding.ready = true;
    }
    for (const [object, node] of this.changed) {
      this.world.taint(object, `it may be changed here, or not, when the program runs (${why.why})`, node);
    }
  }

  private walk(node: ts.Node, frame: Frame, nesting: Nesting): void {
    this.world.spend(node);
    if (ts.isTypeNode(node)) return;
    if (ts.isFunctionLike(node)) {
      // Whoever is given it may call it.
      this.body(node, { ...frame, returns: false });
      return;
    }
    this.leaving(node, frame, nesting);
    const target = assignedBy(node);
    if (target) this.change(target, frame, node);
    if (ts.isBinaryExpression(node) && isAssignment(node) && ts.isIdentifier(node.left))
      this.alias(node.left.text, this.mayBe(node.right, frame), frame);
    if (ts.isVariableDeclaration(node) && node.initializer)
      this.declare(node.name, this.mayBe(node.initializer, frame), frame);
    if (ts.isForOfStatement(node)) this.forOf(node, frame);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.calls(node, frame);
    const isLoop = ts.isIterationStatement(node, false);
    const inside: Nesting = {
      breaks: nesting.breaks + (isLoop || ts.isSwitchStatement(node) ? 1 : 0),
      loops: nesting.loops + (isLoop ? 1 : 0),
      labels: ts.isLabeledStatement(node) ? [...nesting.labels, node.label.text] : nesting.labels,
    };
    ts.forEachChild(node, (child) => this.walk(child, frame, inside));
  }

  private leaving(node: ts.Node, frame: Frame, { breaks, loops, labels }: Nesting): void {
    if (ts.isReturnStatement(node) && frame.returns) this.leaves.add('return');
    if (!ts.isBreakOrContinueStatement(node)) return;
    if (node.label) {
      if (!labels.includes(node.label.text)) this.leaves.add(`to ${node.label.text}`);
    } else if (ts.isBreakStatement(node)) {
      if (breaks === 0) this.leaves.add('break');
    } else if (loops === 0) {
      this.leaves.add('continue');
    }
  }

  /** The target of an assignment; patterns have several. */
  private change(target: ts.Node, frame: Frame, node: ts.Node): void {
    const place = bare(target);
    if (ts.isIdentifier(place)) {
      const binding = frame.own.has(place.text) ? undefined : frame.scope.find(place.text);
      if (binding && !(binding.value instanceof HostReference)) this.assigned.add(binding);
    } else if (ts.isPropertyAccessExpression(place) || ts.isElementAccessExpression(place)) {
      for (const object of this.mayBe(place.expression, frame)) this.mark(object, node);
    } else if (ts.isArrayLiteralExpression(place) || ts.isObjectLiteralExpression(place)) {
      const parts: readonly ts.Node[] = ts.isArrayLiteralExpression(place)
        ? place.elements
        : place.properties;
      for (const part of parts) {
        if (ts.isSpreadElement(part) || ts.isSpreadAssignment(part))
          this.change(part.expression, frame, node);
        else if (ts.isPropertyAssignment(part)) this.change(part.initializer, frame, node);
        else if (ts.isShorthandPropertyAssignment(part)) this.change(part.name, frame, node);
        else this.change(part, frame, node);
      }
    } else if (ts.isBinaryExpression(place)) {
      // A default inside a pattern: `[a = 1] = list`.
      this.change(place.left, frame, node);
    }
  }

  private mark(object: unknown, node: ts.Node): void {
    if (isOpen(object) && !this.changed.has(object)) this.changed.set(object, node);
  }

  private alias(name: string, values: Iterable<unknown>, { own }: Frame): void {
    const known = own.get(name);
    if (known) for (const value of values) known.add(value);
  }

  /** Names that a pattern takes out of values may be any of what these hold. */
  private declare(name: ts.BindingName, values: Iterable<unknown>, frame: Frame): void {
    if (ts.isIdentifier(name)) this.alias(name.text, values, frame);
    else for (const inner of namesIn(name)) this.alias(inner, reach(values), frame);
  }

  private forOf({ initializer, expression }: ts.ForOfStatement, frame: Frame): void {
    const values = [...this.mayBe(expression, frame)].flatMap(held);
    if (ts.isVariableDeclarationList(initializer)) {
      for (const { name } of initializer.declarations) this.declare(name, values, frame);
    } else {
      this.change(initializer, frame, initializer);
    }
  }

  private calls(node: ts.CallExpression | ts.NewExpression, frame: Frame): void {
    const callee = bare(node.expression);
    const args = (node.arguments ?? []).map((arg) => [...this.mayBe(arg, frame)]);
    const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
    const receivers = isMember ? [...this.mayBe(callee.expression, frame)] : [];
    if (ts.isPropertyAccessExpression(callee)) {
      const { text } = callee.name;
      if (mutating.has(text))
        for (const object of receivers) if (isCollection(object)) this.mark(object, node);
      if (changesFirst.has(text) && isNamed(callee.expression, ['Object', 'Reflect']))
        for (const object of args[0] ?? []) this.mark(object, node);
    }
    for (const value of this.mayBe(callee, frame)) {
      const closure = this.closureOf(value);
      if (closure) this.call(closure.node, closure.scope, args, receivers);
    }
    // Whatever is called may call the functions that it is given, with what it has at hand.
    const atHand = [...receivers.flatMap(held), ...args.flat()];
    for (const value of args.flat()) {
      const closure = this.closureOf(value);
      if (closure) this.call(closure.node, closure.scope, [atHand], []);
    }
    for (const arg of node.arguments ?? []) {
      if (!ts.isFunctionLike(arg)) continue;
      for (const { name } of arg.parameters) this.declare(name, atHand, frame);
    }
  }

  private closureOf(value: unknown): Closure | undefined {
    if (value instanceof HostReference) return this.world.hostCode.get(value);
    return typeof value === 'function' ? this.world.closures.get(value) : undefined;
  }

  private call(
    node: Closure['node'],
    scope: Scope,
    args: readonly (readonly unknown[])[],
    self: readonly unknown[],
  ): void {
    if (this.active.includes(node) || this.active.length >= depthLimit) return;
    this.active.push(node);
    const frame: Frame = { scope, own: new Map(), self, returns: false };
    collectNames(node, frame.own);
    if (ts.isFunctionLike(node)) {
      for (const [position, { name, dotDotDotToken }] of node.parameters.entries())
        this.declare(name, dotDotDotToken ? args.slice(position).flat() : (args[position] ?? []), frame);
      this.body(node, frame);
    } else {
      // Of a class, any member may run.
      ts.forEachChild(node, (child) => this.walk(child, frame, outermost));
    }
    this.active.pop();
  }

  private body(node: ts.SignatureDeclaration, frame: Frame): void {
    for (const { initializer } of node.parameters) if (initializer) this.walk(initializer, frame, outermost);
    if ('body' in node && node.body) this.walk(node.body as ts.Node, frame, outermost);
  }

  /** The known values that an expression may give, and for calls those that their result may hold on to. */
  private mayBe(node: ts.Node, frame: Frame): Set<unknown> {
    const place = bare(node);
    if (ts.isIdentifier(place)) {
      const own = frame.own.get(place.text);
      if (own) return own;
      const value = frame.scope.find(place.text)?.value;
      return new Set(isObject(value) ? [value] : []);
    }
    if (place.kind === ts.SyntaxKind.ThisKeyword) return new Set(frame.self);
    if (ts.isPropertyAccessExpression(place)) {
      const objects = [...this.mayBe(place.expression, frame)];
      return new Set(objects.flatMap((object) => member(object, place.name.text)));
    }
    if (ts.isElementAccessExpression(place))
      return new Set([...this.mayBe(place.expression, frame)].flatMap(held));
    if (ts.isConditionalExpression(place)) return this.union([place.whenTrue, place.whenFalse], frame);
    if (ts.isBinaryExpression(place)) return this.union([place.left, place.right], frame);
    if (ts.isAwaitExpression(place)) return this.mayBe(place.expression, frame);
    if (ts.isSpreadElement(place) || ts.isSpreadAssignment(place))
      return new Set([...this.mayBe(place.expression, frame)].flatMap(held));
    if (ts.isArrayLiteralExpression(place)) return this.union(place.elements, frame);
    if (ts.isObjectLiteralExpression(place)) return this.union(place.properties, frame);
    if (ts.isPropertyAssignment(place)) return this.union([place.initializer], frame);
    if (ts.isShorthandPropertyAssignment(place)) return this.union([place.name], frame);
    if (ts.isCallExpression(place) || ts.isNewExpression(place)) return this.resultOf(place, frame);
    return new Set();
  }

  private union(nodes: readonly ts.Node[], frame: Frame): Set<unknown> {
    return new Set(nodes.flatMap((node) => [...this.mayBe(node, frame)]));
  }

  /** A call may give back its receiver, its arguments, or what a function of the user's returns. */
  private resultOf(node: ts.CallExpression | ts.NewExpression, frame: Frame): Set<unknown> {
    const callee = bare(node.expression);
    const found = this.union(node.arguments ?? [], frame);
    if (ts.isPropertyAccessExpression(callee))
      for (const object of this.mayBe(callee.expression, frame))
        for (const each of isCollection(object) && !mutating.has(callee.name.text) ? held(object) : [object])
          found.add(each);
    for (const value of this.mayBe(callee, frame)) {
      const closure = this.closureOf(value);
      if (!closure || this.active.includes(closure.node) || this.active.length >= depthLimit) continue;
      this.active.push(closure.node);
      const inner: Frame = { scope: closure.scope, own: new Map(), self: [], returns: false };
      collectNames(closure.node, inner.own);
      for (const result of returned(closure.node))
        for (const each of this.mayBe(result, inner)) found.add(each);
      this.active.pop();
    }
    return found;
  }
}

const outermost: Nesting = { breaks: 0, loops: 0, labels: [] };

function assignedBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && isAssignment(node)) return node.left;
  if (ts.isDeleteExpression(node)) return node.expression;
  const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
  return (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === PlusPlusToken || node.operator === MinusMinusToken)
    ? node.operand
    : undefined;
}

/** Without what only TypeScript or the reader of the text sees. */
function bare(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node)
    ? bare(node.expression)
    : node;
}

function isNamed(node: ts.Node, names: readonly string[]): boolean {
  return ts.isIdentifier(node) && names.includes(node.text);
}

/** What a function returns, functions inside it apart. */
function returned(node: ts.Node): ts.Node[] {
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return [node.body];
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isFunctionLike(child)) return;
    if (ts.isReturnStatement(child) && child.expression) found.push(child.expression);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

/** The names that a piece of code declares, parameters of its functions included. */
function collectNames(root: ts.Node, own: Map<string, Set<unknown>>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      for (const name of namesIn(node.name)) own.set(name, new Set());
    } else if (
      node !== root &&
      (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) &&
      node.name
    ) {
      own.set(node.name.text, new Set());
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
}

const isObject = (value: unknown): value is Present =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

const isCollection = (value: unknown): value is object =>
  Array.isArray(value) || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value);

/** Whether programs may change the value: the language's own collections and plain objects. */
export const isOpen = (value: unknown): value is object =>
  isCollection(value) ||
  (isObject(value) && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);

function member(object: unknown, key: string): unknown[] {
  if (object instanceof HostReference) return [object];
  if (!isObject(object)) return [];
  const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
  return isObject(value) ? [value] : [];
}

/** What a collection or plain object holds. */
function held(value: unknown): unknown[] {
  if (value instanceof HostReference) return [value];
  if (!isOpen(value) || ArrayBuffer.isView(value)) return [];
  const items = value instanceof Map ? [...value.keys(), ...value.values()] : [];
  return (value instanceof Set ? [...value] : value instanceof Map ? items : Object.values(value)).filter(
    isObject,
  );
}

function reach(values: Iterable<unknown>): Set<unknown> {
  const found = new Set(values);
  for (const value of found) {
    if (found.size > reachLimit) break;
    for (const inner of held(value)) found.add(inner);
  }
  return found;
}
