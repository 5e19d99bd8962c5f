/** What all of one reading shares: fuel, the call stack, TypeScript's errors, and the births of host references. */
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ts } from 'ts-morph';
import { HostReference } from '../../../dsl/host-reference.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { SRC113 } from '../../diagnostics/source.ts';
import type { Node } from '../../ir/node.ts';
import type { Span } from '../../ir/span.ts';
import { spanText } from '../../ir/span.ts';
import type { AnyPipeline } from '../reader/trace.ts';
import type { FunctionSyntax } from './expressions/functions.ts';
import { spanOf } from './place.ts';
import type { Scope } from './scope.ts';
import type { TypeErrors } from './type-errors.ts';

/** How many expressions and statements may be evaluated on the way from one entry to the next. */
const fuelLimit = 2_000_000;
/** How many loops may be given up before reading ends. */
const patience = 8;
/** How deep calls may nest. */
const depthLimit = 300;
/** How many elements one array or string may be asked for at once. */
const sizeLimit = 2 ** 24;
/** How many callers a span remembers. */
const viaLimit = 16;

/** The steps are used up. The loop around may give up and leave its values to the run. */
class OutOfFuel extends DiagnosticError {}

export class World {
  readonly checker: ts.TypeChecker;
  readonly typeErrors: TypeErrors;
  /** Functions that interpret the user's code, told apart from the library's and the language's own. */
  readonly closures = new WeakMap<object, Closure>();
  readonly hostReferences = new Map<HostReference, Span>();
  /** The pipelines that were made, exported or not. */
  readonly pipelines = new Set<AnyPipeline>();
  /** Functions and classes of the user's that belong to the run, by what stands for them. */
  readonly hostCode = new Map<HostReference, Closure>();
  /** Objects that the run may change, and what stands for them since. */
  private readonly tainted = new Map<object, HostReference>();
  /** Tensors whose inputs do not fit. */
  readonly untyped: Node[] = [];
  private readonly byPlace = new WeakMap<ts.Node, HostReference>();
  private readonly frames: Span[] = [];
  private fuel = fuelLimit;
  private loops = 0;
  private givenUp = 0;

  constructor(checker: ts.TypeChecker, typeErrors: TypeErrors) {
    this.checker = checker;
    this.typeErrors = typeErrors;
  }

  /** Pays for steps; loops and recursions without end run out. */
  spend(node: ts.Node, steps = 1): void {
    this.fuel -= steps;
    if (this.fuel >= 0) return;
    throw new OutOfFuel([
      SRC113({
        message: `the program is still running after ${fuelLimit.toLocaleString('en')} steps`,
        span: spanOf(node),
        label: 'reading stopped here',
        hint: 'give the loop or recursion a bound that does not depend on data; rows belong in a dataset',
      }),
    ]);
  }

  /** Runs a loop. If steps run out, the outermost gives up: what it would have made exists only at run time. */
  loop<T>(node: ts.Node, run: () => T, giveUp: (why: HostReference) => T): T {
    this.loops++;
    try {
      return run();
    } catch (error) {
      if (!(error instanceof OutOfFuel) || this.loops > 1 || this.givenUp >= patience) throw error;
      this.givenUp++;
      this.fuel = fuelLimit;
      const steps = fuelLimit.toLocaleString('en');
      return giveUp(this.host(`this is not done after ${steps} steps and is left to the run`, node));
    } finally {
      this.loops--;
    }
  }

  /** From now on the object is a value of the run, since what happens at `node` may change it. */
  taint(object: object, why: string, node: ts.Node): void {
    if (!this.tainted.has(object)) this.tainted.set(object, this.host(why, node));
  }

  /** The value, or what stands for it since the run may have changed it. */
  present(value: unknown): unknown {
    return this.tainted.size > 0 && typeof value === 'object' && value !== null
      ? (this.tainted.get(value) ?? value)
      : value;
  }

  /** Refuses sizes that would fill the memory. */
  allocate(size: unknown, node: ts.Node): void {
    if (typeof size !== 'number' || !(size > sizeLimit)) return;
    throw new DiagnosticError([
      SRC113({
        message: `${size.toLocaleString('en')} elements are more than the static reader holds`,
        span: spanOf(node),
        hint: 'data of this size belongs in a file or a live source: csv(…), from(…)',
      }),
    ]);
  }

  /** Runs a call that stands at `node`. */
  calling<T>(node: ts.Node, body: () => T): T {
    const span = spanOf(node);
    if (this.frames.length >= depthLimit) {
      throw new DiagnosticError([
        SRC113({
          message: `calls nest deeper than ${depthLimit}`,
          span,
          label: 'reading stopped here',
          hint: 'end the recursion earlier, or write it as a loop with a bound',
        }),
      ]);
    }
    this.frames.push(span);
    try {
      return body();
    } finally {
      this.frames.pop();
    }
  }

  /** What `import.meta` says in a file, as far as its path tells. */
  metaOf(file: string): Readonly<Record<string, string>> {
    return { url: pathToFileURL(file).href, filename: file, dirname: dirname(file) };
  }

  /** Called when the user's code is entered, from a module or from the library: it finds the tank full. */
  refuel(): void {
    if (this.frames.length === 0) this.fuel = fuelLimit;
  }

  /** The present place, with the calls that led to it. */
  siteOf(node: ts.Node): Span {
    const span = spanOf(node);
    const via = this.frames.slice(-viaLimit).reverse();
    return via.length > 0 ? { ...span, via } : span;
  }

  /** A value that exists only at run time, born at `node`; one a place. */
  host(why: string, node: ts.Node): HostReference {
    const known = this.byPlace.get(node);
    if (known) return known;
    const span = spanOf(node);
    const reference = new HostReference(why, spanText(span));
    this.byPlace.set(node, reference);
    this.hostReferences.set(reference, span);
    return reference;
  }

  /** An error that says more than the one TypeScript reports at `node`, and takes its place. */
  override(node: ts.Node, diagnostic: Diagnostic): DiagnosticError {
    this.typeErrors.withdraw(node);
    return new DiagnosticError([diagnostic]);
  }

  /** Stops reading what depends on `node`. An error that TypeScript reports there already is the cause and stays. */
  fail(node: ts.Node, diagnostic: Diagnostic): never {
    const known = this.typeErrors.at(node);
    throw new DiagnosticError([known ?? diagnostic]);
  }
}

/** What stands behind a function of the user's. */
export interface Closure {
  readonly node: FunctionSyntax | ts.ClassLikeDeclaration;
  readonly scope: Scope;
}
