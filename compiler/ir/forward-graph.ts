/** The forward part of a pipeline as a graph that prints, as one of its programs sees it. */
import type { Graph, Output, Update } from './graph.ts';
import { Node } from './node.ts';
import { fit, init } from './program-names.ts';
import type { Span } from './span.ts';

export interface Forward {
  readonly name: string;
  readonly span: Span;
  readonly objectives: readonly { readonly name: string | undefined; readonly loss: Node }[];
  /** Named sums, or the one value that is averaged. */
  readonly metrics: readonly { readonly name: string; readonly values: Node | readonly Output[] }[];
  /** Those that answer rows. */
  readonly programs: readonly { readonly name: string; readonly outputs: readonly Output[] }[];
}

/** What answers rows gives its outputs, the programs of training the losses and metrics, `init` and `fit` nothing. */
export function forwardGraph(
  { name, span, objectives, metrics, programs }: Forward,
  program: string,
  updates: readonly Update[] = [],
): Graph {
  const answering = programs.find((each) => each.name === program);
  const outputs =
    answering?.outputs ??
    (program === init || program === fit ? [] : [...lossesOf(objectives), ...valuesOf(metrics)]);
  return { name, program, span, outputs, updates };
}

function lossesOf(objectives: Forward['objectives']): Output[] {
  return objectives.map(({ name, loss }) => ({
    name: name === undefined ? 'loss' : `losses.${name}`,
    value: loss,
  }));
}

function valuesOf(metrics: Forward['metrics']): Output[] {
  return metrics.flatMap(({ name, values }) =>
    values instanceof Node
      ? [{ name: `metrics.${name}`, value: values }]
      : values.map((sum) => ({ name: `metrics.${name}.${sum.name}`, value: sum.value })),
  );
}
