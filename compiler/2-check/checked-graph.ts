/** A checked pipeline as graphs that print: its forward part in primitives, as each program sees it. */
import { forwardGraph } from '../ir/forward-graph.ts';
import type { Graph } from '../ir/graph.ts';
import { fit, step } from '../ir/program-names.ts';
import type { Checked } from './checked.ts';

export function checkedGraph(checked: Checked, program: string): Graph {
  const metrics = checked.metrics.map((metric) => ({
    name: metric.name,
    values: metric.kind === 'mean' ? metric.value : metric.sums,
  }));
  const updates = program === step ? checked.updates : program === fit ? checked.fits : [];
  return forwardGraph({ ...checked, metrics }, program, updates);
}
