/** The call site that new nodes belong to: set by a reader or a pass, else read off the stack. */
import { fileURLToPath } from 'node:url';
import { home } from './home.ts';
import type { Span } from './span.ts';
import { spanOfStack } from './stack.ts';

/** One layer or composite that is being called; nodes made inside are named after it. */
export interface Scope {
  /** The layer instance or composite call that owns what is made inside. */
  readonly owner: object;
  /** What to call it, such as `dense` or `softmax`. */
  readonly name: string;
  readonly kind: 'layer' | 'op';
  /** Of a layer: where it is called. */
  readonly calledAt?: Span;
  readonly outer?: Scope;
}

interface Site {
  readonly span: Span;
  readonly scope?: Scope;
}

/*
 * Dynamic scope, not state: it is set for the length of a synchronous call and always restored. The
 * alternative, a context argument to every op, would be visible in every program a user writes.
 */
let current: Site | undefined;

function withSite<T>(site: Site, body: () => T): T {
  const before = current;
  current = site;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** Runs `body`; nodes it makes belong to `span`. */
export function at<T>(span: Span, body: () => T): T {
  return withSite(current?.scope ? { span, scope: current.scope } : { span }, body);
}

/** Runs `body`; nodes it makes belong where `like` stands, in its scope. */
export function beside<T>(
  like: { readonly span: Span; readonly scope: Scope | undefined },
  body: () => T,
): T {
  return withSite(like.scope ? { span: like.span, scope: like.scope } : { span: like.span }, body);
}

/** Runs `body`; nodes it makes belong to the present site, inside a scope of their own. */
export function within<T>(scope: Omit<Scope, 'outer'>, body: () => T): T {
  const outer = current?.scope;
  return withSite({ span: siteSpan(), scope: outer ? { ...scope, outer } : scope }, body);
}

/** Runs `body` as if called from nowhere in particular: its nodes take their spans from the stack again. */
export function outside<T>(body: () => T): T {
  const before = current;
  current = undefined;
  try {
    return body();
  } finally {
    current = before;
  }
}

export function siteScope(): Scope | undefined {
  return current?.scope;
}

/** The layer that what was made in this scope belongs to first: the scope's own, or the nearest around it. */
export function innermostLayer(scope: Scope | undefined): Scope | undefined {
  let found = scope;
  while (found && found.kind !== 'layer') found = found.outer;
  return found;
}

/** What the user called that led here: the outermost op inside the innermost layer, else `name`. */
export function calledAs(name: string): string {
  let called = name;
  for (let scope = current?.scope; scope?.kind === 'op'; scope = scope.outer) called = scope.name;
  return called;
}

/** The place in the user's file that what is made now belongs to: what a refusal points at. */
export function siteSpan(): Span {
  return current?.span ?? stackSpan();
}

/** Where nobody knows where Millrace lies, nothing is taken for its own. */
const rooms =
  home === undefined
    ? []
    : ['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'cli'].map((room) =>
        fileURLToPath(new URL(`${room}/`, home)),
      );
/** The innermost call that does not stand in Millrace itself. */
function stackSpan(): Span {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error('internal: never thrown, made for its stack');
  Error.stackTraceLimit = limit;
  return spanOfStack(stack, rooms, fileURLToPath);
}
