/** A reading as graphs that print: the same forward part, as each program sees it. */
import { forwardGraph } from '../../ir/forward-graph.ts';
import type { Graph } from '../../ir/graph.ts';
import { nodeOf } from '../../ir/node.ts';
import { isMetric } from '../../op/metric.ts';
import type { Reading } from '../reading.ts';

export function readGraph(reading: Reading, program: string): Graph {
  const metrics = reading.metrics.map(({ name, judgement }) => ({
    name,
    values: isMetric(judgement)
      ? Object.entries(judgement.sums).map(([sum, value]) => ({ name: sum, value: nodeOf(value) }))
      : judgement,
  }));
  return forwardGraph({ ...reading, metrics, programs: [reading.predict, ...reading.programs] }, program);
}
