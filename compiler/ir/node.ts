/** The node of the dataflow graph: one typed value in single-assignment form, and its place in the source. */
import type { DType, Shape, Tensor } from '../../dsl/tensor.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { SRC115 } from '../diagnostics/source.ts';
import type { Card } from '../op/card.ts';
import type { Scope } from './site.ts';
import { siteSpan } from './site.ts';
import type { Span } from './span.ts';
import { nodesUnder } from './walk.ts';

/** The type of a value: its element type and its sizes. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** What an op may be told beside its inputs; plain data, so that it prints and reads back. */
export type Attribute = number | string | boolean | null | readonly Attribute[];
export type Attributes = { readonly [name: string]: Attribute };

export interface NodeParts {
  readonly card: Card;
  readonly inputs: readonly Node[];
  readonly attributes?: Attributes;
  /** Absent when the node is ill-typed; then `problem` says why, or one of its inputs has no type either. */
  readonly type: TensorType | undefined;
  readonly span: Span;
  readonly scope?: Scope | undefined;
  readonly name?: string | undefined;
  readonly given?: string | undefined;
  /** What a composite stands for: the root of its expansion into other nodes. */
  readonly body?: Node | undefined;
  readonly problem?: Diagnostic | undefined;
  /** Of a parameter or state: the value it starts with. */
  readonly initial?: Node | undefined;
}

export class Node implements Tensor {
  readonly card: Card;
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
  readonly type: TensorType | undefined;
  readonly span: Span;
  readonly scope: Scope | undefined;
  /** What dumps and messages call it: a variable's name, set at most once by whoever learns it. */
  name: string | undefined;
  /** Of a parameter or state: what its author calls it. Unlike a variable's name, every reader knows it. */
  given: string | undefined;
  readonly body: Node | undefined;
  readonly problem: Diagnostic | undefined;
  readonly initial: Node | undefined;

  constructor(parts: NodeParts) {
    this.card = parts.card;
    this.inputs = parts.inputs;
    this.attributes = parts.attributes ?? {};
    this.type = parts.type;
    this.span = parts.span;
    this.scope = parts.scope;
    this.name = parts.name;
    this.given = parts.given;
    this.body = parts.body;
    this.problem = parts.problem;
    this.initial = parts.initial;
  }

  /** JavaScript asks for a plain value: in `x > 0`, `x * 2`, a template string. Without this, it would get NaN. */
  [Symbol.toPrimitive](wanted: string): never {
    throw new DiagnosticError([
      SRC115({
        message: 'a tensor stands where a plain value is needed',
        span: siteSpan(),
        expected: wanted === 'default' ? 'a plain value' : `a ${wanted}`,
        received: 'a tensor, which has no value until the program runs',
        hint: 'operators do not work on tensors: write add(a, b), multiply(a, b), where(greater(a, b), a, b)',
      }),
    ]);
  }

  get shape(): Shape {
    return typeOf(this).shape;
  }

  get dtype(): DType {
    return typeOf(this).dtype;
  }
}

/** The tensor's node. Every tensor is one; the public type hides what only the compiler may see. */
export function nodeOf(tensor: Tensor): Node {
  if (tensor instanceof Node) return tensor;
  throw new Error('internal: a tensor that is no node');
}

/** The type of a node; of an ill-typed one, refuses with the problem that made it so. */
export function typeOf(node: Node): TensorType {
  if (node.type) return node.type;
  throw new DiagnosticError(problemsOf(node).slice(0, 1));
}

/** The diagnostics that stand at or above a node, each once, in the order of their making. */
export function problemsOf(...roots: readonly Node[]): Diagnostic[] {
  const below = ({ inputs, body, initial }: Node): Node[] => [
    ...inputs,
    ...(body ? [body] : []),
    ...(initial ? [initial] : []),
  ];
  return [...new Set(nodesUnder(roots, below).flatMap(({ problem }) => (problem ? [problem] : [])))];
}
