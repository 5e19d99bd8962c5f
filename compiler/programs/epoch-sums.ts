/** The losses and metrics over all rows of an epoch: sums kept as state, and formulas on them; and the means of the batch alone. */

import { meanOf } from '../2-check/check.ts';
import type { Checked, CheckedMetric } from '../2-check/checked.ts';
import { product } from '../ir/dim.ts';
import type { Output, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { within } from '../ir/site.ts';
import { sumId } from '../ir/state-ids.ts';
import { dimension } from '../op/leaf.ts';
import type { Roles } from '../op/roles.ts';
import { accumulate } from './accumulate.ts';
import type { EvaluationPorts, Labelled } from './contract.ts';
import { weightedSum } from './weighted-sum.ts';

export interface EpochSums {
  /** What holds the sums. */
  readonly leaves: readonly Node[];
  readonly updates: readonly Update[];
  readonly outputs: readonly Output[];
  readonly ports: EvaluationPorts;
  /** The metrics of the batch alone, where they are means over rows. None of validation. */
  readonly batchMetrics: readonly Labelled[];
}

/** `part` keeps training's sums apart from validation's. */
export function epochSums(checked: Checked, part: 'train' | 'validation'): EpochSums {
  const { roles } = checked.vocabulary;
  const leaves: Node[] = [];
  const updates: Update[] = [];
  const outputs: Output[] = [];
  const sum: Sum = (value, ...of) => {
    const added = accumulate(sumId(part, ...of), value, roles);
    leaves.push(...added.leaves);
    updates.push(...added.updates);
    return added.total;
  };
  const given = (label: string, make: () => Node): Node => {
    const value = within({ owner: {}, name: `${part}.${label}`, kind: 'op' }, make);
    outputs.push({ name: label, value });
    return value;
  };
  const batchMetrics: Labelled[] = [];
  /** The metric over the rows of the batch. Its sum is there already, for the epoch's. */
  const givenOfBatch = (label: string, value: Node): void => {
    if (part !== 'train') return;
    const id = `batch.metrics.${label}`;
    given(id, () => meanOf(value.dtype === 'float32' ? value : nodeOf(roles.cast(value, 'float32')), roles));
    batchMetrics.push({ label, id });
  };
  const mean = meanOverRows(sum(dimension('B', 'int32'), 'rows'), sum, roles);
  const { objectives } = checked;
  const losses: Labelled[] = [];
  const weighted = objectives.map(({ name, lossValue, weight }) => {
    if (name === undefined) return { weight, value: given('epoch.loss', () => mean(lossValue, 'loss')) };
    const id = `epoch.losses.${name}`;
    losses.push({ label: name, id });
    return { weight, value: given(id, () => mean(lossValue, 'loss', name)) };
  });
  if (objectives.some(({ name }) => name !== undefined))
    given('epoch.loss', () => weightedSum(weighted, roles));
  const metrics = checked.metrics.map((metric): Labelled => {
    const id = `metrics.${metric.name}`;
    if (metric.kind === 'mean') givenOfBatch(metric.name, metric.value);
    given(id, () =>
      metric.kind === 'mean' ? mean(metric.value, 'metric', metric.name) : formula(metric, sum),
    );
    return { label: metric.name, id };
  });
  return { leaves, updates, outputs, ports: { loss: 'epoch.loss', losses, metrics }, batchMetrics };
}

/** Adds the value up over the batches; `of` says what it is a sum of. */
type Sum = (value: Node, ...of: readonly string[]) => Node;

/** Σ over all rows ÷ (rows · values a row); a scalar stands for each row of its batch. */
function meanOverRows(rows: Node, sum: Sum, roles: Roles): Sum {
  return (given, ...of) => {
    const value = given.dtype === 'float32' ? given : nodeOf(roles.cast(given, 'float32'));
    const perRow = value.shape[0] === 'B';
    const size = product(perRow ? value.shape.slice(1) : value.shape);
    const batch = perRow
      ? roles.sum(value, { axis: null })
      : roles.multiply(meanOf(value, roles), dimension('B'));
    const count = roles.cast(rows, 'float32');
    const total = sum(nodeOf(batch), ...of);
    return nodeOf(roles.divide(total, perRow && size !== 1 ? roles.multiply(count, dimension(size)) : count));
  };
}

function formula(metric: CheckedMetric & { kind: 'sums' }, sum: Sum): Node {
  const totals = metric.sums.map(({ name, value }) => [name, sum(value, 'metric', metric.name, name)]);
  return nodeOf(metric.result(Object.fromEntries(totals)));
}
