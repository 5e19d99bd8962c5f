/** From the forward part of a pipeline to its four programs: gradients, the optimizer's update and metrics are graph too. */

import type { Checked, CheckedMetric } from '../2-check/check.ts';
import { meanOf } from '../2-check/check.ts';
import { expand } from '../2-check/expand.ts';
import type { StateEntry } from '../compiled.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { GRD401, GRD402 } from '../diagnostics/gradient.ts';
import { product } from '../ir/dim.ts';
import type { Fusion, Graph, Output, ProgramName, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { at, within } from '../ir/site.ts';
import type { OptimizerKernel } from '../op/define-optimizer.ts';
import { constant, dimension, runStep, training } from '../op/leaf.ts';
import { typeText } from '../op/type-text.ts';
import { accumulate } from './accumulate.ts';
import { gradients } from './gradients.ts';
import { stateLeaf } from './state-leaf.ts';

export interface Programs {
  readonly graphs: Readonly<Record<ProgramName, Graph>>;
  readonly state: readonly StateEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Held {
  readonly leaf: Node;
  readonly role: StateEntry['role'];
}

export function differentiate(checked: Checked): Programs {
  return at(checked.span, () => {
    const rate = learningRate(checked);
    const { updates, fusions, slots, diagnostics } = minimise(checked, rate.value);
    const trained = judge(checked, 'train');
    const validated = judge(checked, 'validation');
    const held: Held[] = [
      ...checked.params.map((leaf) => ({ leaf, role: 'param' as const })),
      ...checked.states.map((leaf) => ({ leaf, role: 'state' as const })),
      ...slots.map((leaf) => ({ leaf, role: 'slot' as const })),
      ...[...trained.leaves, ...validated.leaves].map((leaf) => ({ leaf, role: 'metric' as const })),
      ...(rate.leaf ? [{ leaf: rate.leaf, role: 'run' as const }] : []),
    ];
    const counted: Update = { target: runStep, value: nodeOf(checked.vocabulary.roles.add(runStep, 1)) };
    const step = [...updates, ...checked.updates, ...trained.updates, counted];
    return {
      diagnostics,
      state: [
        ...held.map(({ leaf, role }) => entry(leaf, role)),
        { name: 'run.step', dtype: 'int32', shape: [], role: 'run' },
        { name: 'run.seed', dtype: 'int32', shape: [2], role: 'run' },
      ],
      graphs: {
        init: initProgram(
          checked,
          held.map(({ leaf }) => leaf),
        ),
        step: program(
          checked,
          'step',
          [{ name: 'loss', value: checked.loss }, ...trained.outputs],
          step,
          fusions,
        ),
        evaluate: program(checked, 'evaluate', validated.outputs, validated.updates),
        predict: program(checked, 'predict', checked.outputs, []),
      },
    };
  });
}

function entry(leaf: Node, role: StateEntry['role']): StateEntry {
  return { name: leaf.name!, dtype: leaf.dtype, shape: leaf.shape as readonly number[], role };
}

/** The learning rate: a number that hooks may change, or a schedule's function of the step. */
function learningRate({ optimizer }: Checked): { value: Node; leaf?: Node } {
  if (typeof optimizer.learningRate === 'function') return { value: nodeOf(optimizer.learningRate(runStep)) };
  const leaf = stateLeaf('run.learningRate', [], 'float32', constant(optimizer.learningRate));
  return { value: leaf, leaf };
}

/** The optimizer's update of every parameter that the gradient reaches. */
function minimise(
  checked: Checked,
  rate: Node,
): { updates: Update[]; fusions: Fusion[]; slots: Node[]; diagnostics: Diagnostic[] } {
  const { params, optimizer, vocabulary } = checked;
  const updates: Update[] = [];
  const fusions: Fusion[] = [];
  const slots: Node[] = [];
  const slopes = gradients(checked.loss, params, vocabulary.roles);
  params.forEach((parameter, i) => {
    const gradient = slopes[i];
    if (!gradient) return;
    gradient.name ??= `∂${parameter.name}`;
    within({ owner: parameter, name: optimizer.optimizer, kind: 'op' }, () => {
      const initials = Object.entries(optimizer.slots(parameter));
      const own = Object.fromEntries(
        initials.map(([slot, initial]) => {
          const { shape, dtype } = nodeOf(initial);
          return [slot, stateLeaf(`optimizer.${parameter.name}.${slot}`, shape, dtype, nodeOf(initial))];
        }),
      );
      slots.push(...Object.values(own));
      const updated = optimizer.update({
        parameter,
        gradient,
        slots: own,
        learningRate: rate,
        step: runStep,
      });
      updates.push({ target: parameter, value: nodeOf(updated.parameter) });
      for (const [slot, leaf] of Object.entries(own))
        updates.push({ target: leaf, value: nodeOf(updated.slots[slot]!) });
      if (updated.tensorflow) fusions.push(fusionOf(updated.tensorflow, parameter, own));
    });
  });
  return { updates, fusions, slots, diagnostics: unreached(checked, slopes) };
}

function fusionOf(
  { kernel, slots, operands, flags = {} }: OptimizerKernel,
  parameter: Node,
  own: Readonly<Record<string, Node>>,
): Fusion {
  const targets = [parameter, ...slots.map((slot) => own[slot]!)];
  return { kernel, targets, operands: operands.map(nodeOf), flags };
}

function unreached({ params, loss, span }: Checked, slopes: readonly (Node | undefined)[]): Diagnostic[] {
  const lost = params.filter((_, i) => !slopes[i]);
  if (params.length === 0 || lost.length === params.length) {
    return [
      GRD401({
        message:
          params.length === 0
            ? 'the loss depends on no parameter'
            : 'the gradient of the loss reaches no parameter',
        span: loss.span,
        labels: [{ span, text: 'nothing to train in this pipeline' }],
        expected: 'a loss that depends on parameters through differentiable ops',
        hint: 'use layers or param(…) in the model; rounding, comparing and stopGradient let no gradient through',
      }),
    ];
  }
  return lost.map((leaf) =>
    GRD402({
      message: `the gradient of the loss does not reach ${leaf.name}`,
      span: leaf.span,
      labels: [{ span: loss.span, text: 'the loss' }],
      received: typeText(leaf),
      hint: 'it stays as it starts; make it param(…, { trainable: false }) if that is meant',
    }),
  );
}

interface Judged {
  readonly leaves: Node[];
  readonly updates: Update[];
  readonly outputs: Output[];
}

/** The loss and the metrics over all rows seen in an epoch; `part` keeps training's sums apart from validation's. */
function judge(checked: Checked, part: 'train' | 'validation'): Judged {
  const { roles } = checked.vocabulary;
  const judged: Judged = { leaves: [], updates: [], outputs: [] };
  const sum = (name: string, value: Node): Node => {
    const { leaves, updates, total } = accumulate(`${part}.${name}`, value, roles);
    judged.leaves.push(...leaves);
    judged.updates.push(...updates);
    return total;
  };
  const rows = sum('rows', dimension('B', 'int32'));
  const loss: CheckedMetric = { name: 'loss', kind: 'mean', value: checked.lossValue };
  for (const metric of [loss, ...checked.metrics]) {
    const value = within({ owner: metric, name: `${part}.${metric.name}`, kind: 'op' }, () =>
      metric.kind === 'mean' ? meanOverRows(metric, rows, sum, checked) : formula(metric, sum),
    );
    judged.outputs.push({ name: `metrics.${metric.name}`, value });
  }
  return judged;
}

type Sum = (name: string, value: Node) => Node;

/** Σ over all rows ÷ (rows · values a row); a scalar stands for each row of its batch. */
function meanOverRows(
  metric: CheckedMetric & { kind: 'mean' },
  rows: Node,
  sum: Sum,
  { vocabulary: { roles } }: Checked,
): Node {
  const value = metric.value.dtype === 'float32' ? metric.value : nodeOf(roles.cast(metric.value, 'float32'));
  const perRow = value.shape[0] === 'B';
  const size = product(perRow ? value.shape.slice(1) : value.shape);
  const batch = perRow
    ? roles.sum(value, { axis: null })
    : roles.multiply(meanOf(value, roles), dimension('B'));
  const count = roles.cast(rows, 'float32');
  const total = sum(metric.name, nodeOf(batch));
  return nodeOf(roles.divide(total, perRow && size !== 1 ? roles.multiply(count, dimension(size)) : count));
}

function formula(metric: CheckedMetric & { kind: 'sums' }, sum: Sum): Node {
  const totals = metric.sums.map(({ name, value }) => [name, sum(`${metric.name}.${name}`, value)]);
  return nodeOf(metric.result(Object.fromEntries(totals)));
}

/** Every state takes its initial value; streams of random numbers go on where the others end. */
function initProgram(checked: Checked, leaves: readonly Node[]): Graph {
  let { streams } = checked;
  const initials = expand(leaves.map((leaf) => leaf.initial!));
  const numbered = rebuildAll(initials, (node, inputs) =>
    node.card.kind === 'random'
      ? copy(node, { inputs, attributes: { ...node.attributes, stream: streams++ } })
      : withInputs(node, inputs),
  );
  const updates = leaves.map((target, i) => ({ target, value: numbered[i]! }));
  return program(checked, 'init', [], [...updates, { target: runStep, value: constant(0, [], 'int32') }]);
}

/** Puts a program together: primitives only, and `training` known. */
function program(
  checked: Checked,
  name: ProgramName,
  outputs: readonly Output[],
  updates: readonly Update[],
  fusions: readonly Fusion[] = [],
): Graph {
  const roots = expand([
    ...[...outputs, ...updates].map(({ value }) => value),
    ...fusions.flatMap(({ operands }) => operands),
  ]);
  const mode = constant(name === 'step' ? 1 : 0, [], 'bool');
  const values = rebuildAll(roots, withInputs, new Map([[training, mode]]));
  return {
    name: checked.name,
    program: name,
    span: checked.span,
    outputs: outputs.map((output, i) => ({ name: output.name, value: values[i]! })),
    updates: updates.map(({ target }, i) => ({ target, value: values[outputs.length + i]! })),
    ...(fusions.length > 0 && {
      fusions: withOperands(fusions, values.slice(outputs.length + updates.length)),
    }),
  };
}

/** The fusions with their operands, rebuilt, taken off the front of the list. */
function withOperands(fusions: readonly Fusion[], values: readonly Node[]): Fusion[] {
  const rest = [...values];
  return fusions.map((fusion) => ({ ...fusion, operands: rest.splice(0, fusion.operands.length) }));
}
