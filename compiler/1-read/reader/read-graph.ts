/** A reading as graphs that print: the same forward part, as each program sees it. */
import type { Graph, ProgramName } from '../../ir/graph.ts';
import { nodeOf } from '../../ir/node.ts';
import { isMetric } from '../../op/metric.ts';
import type { Reading } from '../reading.ts';

export function readGraph({ name, span, outputs, loss, metrics }: Reading, program: ProgramName): Graph {
  if (program === 'init') return { name, program, span, outputs: [], updates: [] };
  if (program === 'predict') return { name, program, span, outputs, updates: [] };
  const judged = metrics.flatMap(({ name: metric, judgement }) =>
    isMetric(judgement)
      ? Object.entries(judgement.sums).map(([sum, value]) => ({
          name: `metrics.${metric}.${sum}`,
          value: nodeOf(value),
        }))
      : [{ name: `metrics.${metric}`, value: judgement }],
  );
  return {
    name,
    program,
    span,
    outputs: [...(loss ? [{ name: 'loss', value: loss }] : []), ...judged],
    updates: [],
  };
}
