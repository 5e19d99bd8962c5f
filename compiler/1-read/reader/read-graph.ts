/** A reading as graphs that print: the same forward part, as each program sees it. */
import type { Graph } from '../../ir/graph.ts';
import { nodeOf } from '../../ir/node.ts';
import { isMetric } from '../../op/metric.ts';
import type { Reading } from '../reading.ts';

export function readGraph(reading: Reading, program: string): Graph {
  const { name, span, predict, programs, objectives, metrics } = reading;
  const answering = [predict, ...programs].find((each) => each.name === program);
  if (answering) return { name, program, span, outputs: answering.outputs, updates: [] };
  if (program === 'init') return { name, program, span, outputs: [], updates: [] };
  const losses = objectives.map(({ name: objective, loss }) => ({
    name: objective === undefined ? 'loss' : `losses.${objective}`,
    value: loss,
  }));
  const judged = metrics.flatMap(({ name: metric, judgement }) =>
    isMetric(judgement)
      ? Object.entries(judgement.sums).map(([sum, value]) => ({
          name: `metrics.${metric}.${sum}`,
          value: nodeOf(value),
        }))
      : [{ name: `metrics.${metric}`, value: judgement }],
  );
  return { name, program, span, outputs: [...losses, ...judged], updates: [] };
}
