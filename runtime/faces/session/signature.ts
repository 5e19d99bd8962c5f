/** A run as it is asked for, whatever the shapes of what is fed: its fetches, its feeds and the graph between them. */

import { DiagnosticError, refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SES901, SES902, SES903, SES906 } from '../../../compiler/diagnostics/session.ts';
import { topological } from '../../../compiler/ir/graph.ts';
import { Node, problemsOf } from '../../../compiler/ir/node.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { Sizes } from '../../../compiler/ir/symbols.ts';
import { concreteShape } from '../../../compiler/ir/symbols.ts';
import { textOf } from '../../../compiler/op/arguments.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { RunGraph } from '../../../compiler/programs/run-graph.ts';
import { runGraph } from '../../../compiler/programs/run-graph.ts';
import type { Callable } from './callable.ts';
import type { Form } from './form.ts';
import { formOf, hasForm } from './form.ts';
import { isAssignment } from './graph/assign.ts';
import { measured, solveSizes } from './sizes.ts';

/** Tensors and the values that are fed for them, in the order in which they were given. */
export interface Fed {
  readonly tensors: readonly Node[];
  readonly values: readonly unknown[];
}

export interface Signature {
  readonly form: Form;
  readonly fed: readonly Node[];
  readonly run: RunGraph;
  readonly symbols: ReadonlySet<string>;
  readonly isInitializer: boolean;
  /** By the sizes of what is fed. */
  readonly callables: Map<string, Callable>;
  /** The callable that ran last. */
  recent: Callable | undefined;
}

/** The feeds, read; refuses with SES902 what is fed for no tensor, or twice. */
export function fedIn(feeds: unknown, span: Span): Fed {
  const wrong = (message: string, received: unknown): never =>
    refuse(
      SES902({
        message,
        span,
        expected: 'pairs of a tensor and a value: [[x, [1, 2]], [y, 3]]',
        received: textOf(received),
      }),
    );
  if (typeof feeds !== 'object' || feeds === null || !(Symbol.iterator in feeds))
    return wrong('feeds are a list of pairs, or a Map', feeds);
  const tensors: Node[] = [];
  const values: unknown[] = [];
  for (const pair of feeds as Iterable<unknown>) {
    if (!Array.isArray(pair) || pair.length !== 2) return wrong('feeds are a list of pairs, or a Map', pair);
    const [tensor, value] = pair as readonly unknown[];
    if (!(tensor instanceof Node)) return wrong('a value is fed for what is no tensor', tensor);
    if (tensors.includes(tensor)) return wrong(`${nameOf(tensor)} is fed twice`, tensor);
    tensors.push(tensor);
    values.push(value);
  }
  return { tensors, values };
}

/** Whether it is the signature of these fetches and feeds. */
export function isFor({ form, fed }: Signature, fetches: unknown, tensors: readonly Node[]): boolean {
  return (
    hasForm(form, fetches) && fed.length === tensors.length && fed.every((node, i) => node === tensors[i])
  );
}

/** Refuses what is wrong with any such run: ill-typed tensors with their own codes, else SES901, SES902, SES904, SES906. */
export function signatureOf(
  fetches: unknown,
  fed: readonly Node[],
  idOf: (leaf: Node) => string,
  span: Span,
): Signature {
  const { form, tensors, operations } = formOf(fetches, span);
  const evaluated = operations.flatMap((operation) => operation.evaluated);
  const updates = operations.flatMap((operation) => operation.updates);
  const problems = problemsOf(...tensors, ...evaluated, ...updates.map(({ value }) => value), ...fed);
  if (problems.length > 0) throw new DiagnosticError(problems);
  const run = runGraph({
    name: 'session',
    span,
    fetched: tensors,
    evaluated,
    updates,
    fed,
    isTraining: operations.some(({ isTraining }) => isTraining),
    isAssignment,
    idOf,
  });
  const wrong = [
    ...run.missing.map((node) => notFed(node, span)),
    ...run.unused.map((node) => notNeeded(node, span)),
    ...run.contested.map((leaf) => setTwice(leaf, span)),
  ];
  if (wrong.length > 0) throw new DiagnosticError(wrong);
  const dims = topological(run.graph).flatMap(({ type, attributes }) => [
    ...(type?.shape ?? []),
    attributes.size,
  ]);
  const symbols = dims.flatMap((dim) => (typeof dim === 'string' ? (dim.match(/[A-Z]/g) ?? []) : []));
  const isInitializer = operations.some((operation) => operation.isInitializer);
  return {
    form,
    fed,
    run,
    symbols: new Set(symbols),
    isInitializer,
    callables: new Map(),
    recent: undefined,
  };
}

/** What stands for each symbolic size; refuses with SES903 values of other shapes, with SES901 sizes that nothing decides. */
export function sizesOf({ fed, symbols }: Signature, values: readonly unknown[], span: Span): Sizes {
  const { sizes, unfit } = solveSizes(
    fed.map(({ shape }) => shape),
    values.map(measured),
  );
  if (unfit !== undefined) return refuse(misfit(fed[unfit]!, values[unfit], sizes, span));
  const open = [...symbols].find((symbol) => sizes[symbol] === undefined);
  if (open === undefined) return sizes;
  return refuse(
    SES901({
      message: `how large ${open} is does not follow from what is fed`,
      span,
      expected: `a value for a tensor that has the size ${open}`,
      received: fed.length === 0 ? 'no feeds' : `values for ${fed.map(nameOf).join(', ')}`,
    }),
  );
}

/** The refusal of a value that a tensor cannot have. */
export function misfit(node: Node, value: unknown, sizes: Sizes, span: Span) {
  const known =
    Object.keys(sizes).length === 0
      ? ''
      : `, where ${Object.entries(sizes)
          .map(([symbol, size]) => `${symbol} is ${size}`)
          .join(' and ')}`;
  return SES903({
    message: `what is fed for ${nameOf(node)} does not fit it`,
    span,
    labels: [declared(node)],
    expected: `${typeText(node)}${known}`,
    received: receivedText(value),
    hint: 'feed nested arrays of the shape, or one typed array in row-major order; int32 takes whole numbers, bool truths',
  });
}

function receivedText(value: unknown): string {
  const given = measured(value);
  if ('length' in given) return `${given.length} elements in a ${(value as object).constructor.name}`;
  return given.shape.length === 0 ? textOf(value) : `an array of shape [${given.shape.join(', ')}]`;
}

function notFed(node: Node, span: Span) {
  return SES901({
    message: `${nameOf(node)} has no value in this run`,
    span,
    labels: [declared(node)],
    expected: `a value of ${typeText(node)} among the feeds`,
    hint: `run(fetches, [[${node.name ?? 'placeholder'}, value]])`,
  });
}

function notNeeded(node: Node, span: Span) {
  return SES902({
    message: `nothing that is fetched depends on ${nameOf(node)}, which is fed`,
    span,
    labels: [declared(node)],
    expected: 'values for tensors that the fetches are computed from',
    hint: 'leave it out, or fetch what it is for',
  });
}

function setTwice(leaf: Node, span: Span) {
  return SES906({
    message: `this run sets ${nameOf(leaf)} to two values`,
    span,
    labels: [declared(leaf)],
    expected: 'one assignment or optimizer for each variable in a run',
    hint: 'all updates see the values at the start of the run: run one after the other',
  });
}

function nameOf(node: Node): string {
  return (
    node.name ??
    node.given ??
    (node.inputs.length === 0 ? 'a placeholder' : `the result of ${node.card.name}`)
  );
}

function declared(node: Node) {
  const type = node.type ? ` : ${typeText(node.type)}` : '';
  return {
    span: node.span,
    text: `${nameOf(node)}${type} ${node.inputs.length === 0 ? 'is declared' : 'comes from'} here`,
  };
}

/** The shapes of what is fed at these sizes. */
export function shapesAt({ fed }: Signature, sizes: Sizes): (readonly number[])[] {
  return fed.map((node) => concreteShape({ dtype: node.dtype, shape: node.shape }, sizes));
}
