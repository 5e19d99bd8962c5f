/** A checked pipeline as graphs that print: its forward part in primitives, as each program sees it. */
import type { Graph, ProgramName } from '../ir/graph.ts';
import type { Checked } from './check.ts';

export function checkedGraph(
  { name, span, outputs, loss, metrics, updates }: Checked,
  program: ProgramName,
): Graph {
  if (program === 'init') return { name, program, span, outputs: [], updates: [] };
  if (program === 'predict') return { name, program, span, outputs, updates: [] };
  const judged = metrics.flatMap((metric) =>
    metric.kind === 'mean'
      ? [{ name: `metrics.${metric.name}`, value: metric.value }]
      : metric.sums.map((sum) => ({ name: `metrics.${metric.name}.${sum.name}`, value: sum.value })),
  );
  return {
    name,
    program,
    span,
    outputs: [{ name: 'loss', value: loss }, ...judged],
    updates: program === 'step' ? updates : [],
  };
}
