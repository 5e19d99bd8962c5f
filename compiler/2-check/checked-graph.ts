/** A checked pipeline as graphs that print: its forward part in primitives, as each program sees it. */
import type { Graph, Output } from '../ir/graph.ts';
import type { Checked } from './checked.ts';

/** The names of the programs that training is made of; those that answer rows come after them. */
export const trainingPrograms = ['init', 'step', 'evaluate'] as const;

export function checkedGraph(checked: Checked, program: string): Graph {
  const { name, span, programs, objectives, metrics, updates } = checked;
  const answering = programs.find((each) => each.name === program);
  if (answering) return { name, program, span, outputs: answering.outputs, updates: [] };
  if (program === 'init') return { name, program, span, outputs: [], updates: [] };
  const losses = objectives.map(
    ({ name: objective, loss }): Output => ({
      name: objective === undefined ? 'loss' : `losses.${objective}`,
      value: loss,
    }),
  );
  const judged = metrics.flatMap((metric) =>
    metric.kind === 'mean'
      ? [{ name: `metrics.${metric.name}`, value: metric.value }]
      : metric.sums.map((sum) => ({ name: `metrics.${metric.name}.${sum.name}`, value: sum.value })),
  );
  return {
    name,
    program,
    span,
    outputs: [...losses, ...judged],
    updates: program === 'step' ? updates : [],
  };
}
