/** A graph as plain data, for other programs. */
import type { Shape } from '../../dsl/tensor.ts';
import type { Graph } from './graph.ts';
import { topological } from './graph.ts';
import type { Attributes } from './node.ts';
import { nameAll } from './node-names.ts';
import type { Span } from './span.ts';

export interface GraphJson {
  readonly pipeline: string;
  readonly program: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly op: string;
    readonly inputs: readonly string[];
    readonly attributes: Attributes;
    readonly dtype: string | null;
    readonly shape: Shape | null;
    readonly span: Span;
  }[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly updates: Readonly<Record<string, string>>;
}

export function graphJson(graph: Graph): GraphJson {
  const order = topological(graph);
  const names = nameAll(order);
  return {
    pipeline: graph.name,
    program: graph.program,
    nodes: order.map((node) => ({
      name: names.get(node)!,
      op: node.card.name,
      inputs: node.inputs.map((input) => names.get(input)!),
      attributes: node.attributes,
      dtype: node.type?.dtype ?? null,
      shape: node.type?.shape ?? null,
      span: node.span,
    })),
    outputs: Object.fromEntries(graph.outputs.map(({ name, value }) => [name, names.get(value)!])),
    updates: Object.fromEntries(
      graph.updates.map(({ target, value }) => [names.get(target)!, names.get(value)!]),
    ),
  };
}
