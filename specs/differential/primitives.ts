/** A program without composites: each replaced by what it stands for. */
import { expand } from '../../compiler/2-check/expand.ts';
import type { Graph } from '../../compiler/ir/graph.ts';

export function primitives(graph: Graph): Graph {
  const roots = [...graph.outputs, ...graph.updates].map(({ value }) => value);
  const values = expand([...roots, ...graph.updates.map(({ target }) => target)]);
  return {
    ...graph,
    outputs: graph.outputs.map(({ name }, i) => ({ name, value: values[i]! })),
    updates: graph.updates.map((_, i) => ({
      target: values[roots.length + i]!,
      value: values[graph.outputs.length + i]!,
    })),
  };
}
