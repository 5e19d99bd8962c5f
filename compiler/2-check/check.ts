/** From a reading to typed primitives: problems collected, composites expanded, leaves named, randomness numbered. */
import type { Schema } from '../../dsl/column.ts';
import type { Reading } from '../1-read/reading.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DTY304 } from '../diagnostics/dtype.ts';
import { SHP206 } from '../diagnostics/shape.ts';
import { product } from '../ir/dim.ts';
import type { Output, Update } from '../ir/graph.ts';
import { leafNames } from '../ir/names.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf, problemsOf } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { at } from '../ir/site.ts';
import type { Span } from '../ir/span.ts';
import { nodesUnder } from '../ir/walk.ts';
import type { Optimizer } from '../op/define-optimizer.ts';
import { dimension, runLeaves } from '../op/leaf.ts';
import type { Metric } from '../op/metric.ts';
import { isMetric } from '../op/metric.ts';
import { typeText } from '../op/type-text.ts';
import type { Roles, Vocabulary } from '../op/vocabulary.ts';
import type { Passing } from './chain-updates.ts';
import { chainUpdates } from './chain-updates.ts';
import { expand, withGradient } from './expand.ts';

/** A metric in primitives: `mean` of a value over all rows, or sums with a formula. */
export type CheckedMetric =
  | { readonly name: string; readonly kind: 'mean'; readonly value: Node }
  | {
      readonly name: string;
      readonly kind: 'sums';
      readonly sums: readonly Output[];
      readonly result: Metric['result'];
    };

/** The forward part of a pipeline, in typed primitives. */
export interface Checked {
  readonly name: string;
  readonly span: Span;
  readonly schema: Schema;
  readonly capacity: number;
  readonly vocabulary: Vocabulary;
  readonly optimizer: Optimizer;
  readonly outputs: readonly Output[];
  /** One value a row, or a scalar, as the user gave it. */
  readonly lossValue: Node;
  /** The mean that training minimises: a scalar. */
  readonly loss: Node;
  readonly metrics: readonly CheckedMetric[];
  /** What layers do to their state in a training step. */
  readonly updates: readonly Update[];
  readonly params: readonly Node[];
  readonly states: readonly Node[];
  /** How many random streams are taken. */
  readonly streams: number;
}

export interface CheckResult {
  /** Absent when there are errors. */
  readonly checked?: Checked;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(reading: Reading): CheckResult {
  const roots = rootsOf(reading);
  const diagnostics = [...new Set([...problemsOf(...roots), ...reading.diagnostics])];
  const { loss } = reading;
  if (loss?.type) diagnostics.push(...lossProblems(loss, reading.span));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  if (failed || !loss) return { diagnostics };

  const lowering = lower(roots);
  const to = (node: Node): Node => lowering.memo.get(node)!;
  const metrics = reading.metrics.map(({ name, judgement }): CheckedMetric => {
    if (!isMetric(judgement)) return { name, kind: 'mean', value: to(judgement) };
    const sums = Object.entries(judgement.sums).map(([sum, value]) => ({
      name: sum,
      value: to(nodeOf(value)),
    }));
    return { name, kind: 'sums', sums, result: judgement.result };
  });
  const { name, span, schema, capacity, vocabulary, optimizer } = reading;
  const lossValue = to(loss);
  return {
    diagnostics,
    checked: {
      name,
      span,
      schema,
      capacity,
      vocabulary,
      optimizer,
      metrics,
      lossValue,
      outputs: reading.outputs.map((output) => ({ name: output.name, value: to(output.value) })),
      loss: at(
        lossValue.span,
        () => expand([meanOf(lossValue, vocabulary.roles)], new Map(), withGradient)[0]!,
      ),
      updates: lowering.updates,
      params: lowering.leaves.filter((leaf) => leaf.card.name === 'param'),
      states: lowering.leaves.filter((leaf) => leaf.card.name === 'state' && leaf.initial),
      streams: lowering.streams,
    },
  };
}

/** All that a reading computes, in a fixed order. */
export function rootsOf(reading: Reading): Node[] {
  const judged = reading.metrics.flatMap(({ judgement }) =>
    isMetric(judgement) ? Object.values(judgement.sums).map(nodeOf) : [judgement],
  );
  return [...reading.outputs.map(({ value }) => value), ...(reading.loss ? [reading.loss] : []), ...judged];
}

/** The mean over all elements; a scalar is its own. */
export function meanOf(value: Node, roles: Roles): Node {
  if (value.shape.length === 0) return value;
  return nodeOf(roles.divide(roles.sum(value, { axis: null }), dimension(product(value.shape))));
}

function lossProblems(loss: Node, span: Span): Diagnostic[] {
  const { dtype, shape } = loss.type!;
  const labels = [{ span, text: 'of this pipeline' }];
  const received = typeText(loss.type!);
  if (dtype !== 'float32') {
    return [
      DTY304({
        message: `the loss is ${dtype}, which has no gradient`,
        span: loss.span,
        labels,
        expected: 'float32',
        received,
      }),
    ];
  }
  if (shape.length === 0 || shape[0] === 'B') return [];
  return [
    SHP206({
      message: 'the loss is neither one value a row nor a scalar',
      span: loss.span,
      labels,
      expected: 'f32[B] or f32[]',
      received,
      hint: 'average the axes that are not rows: mean(loss, { axis: … })',
    }),
  ];
}

interface Lowering {
  /** From nodes of the reading to primitives. */
  readonly memo: { get(node: Node): Node | undefined };
  readonly updates: readonly Update[];
  readonly leaves: readonly Node[];
  readonly streams: number;
}

/** Expands, then names what is held across steps, numbers random streams and takes `update`s out of the flow. */
function lower(roots: readonly Node[]): Lowering {
  const expansion = new Map<Node, Node>();
  const expanded = expand(roots, expansion, withGradient);
  const order = nodesUnder(expanded);
  const names = leafNames(order.filter((node) => !runLeaves.includes(node)));
  const settled = new Map<Node, Node>();
  const updates: Passing[] = [];
  const leaves: Node[] = [];
  let streams = 0;
  rebuildAll(
    order,
    (node, inputs) => {
      const name = names.get(node);
      if (name !== undefined) {
        const leaf = copy(node, { name, given: name });
        leaves.push(leaf);
        return leaf;
      }
      if (node.card.kind === 'random') {
        return copy(node, { inputs, attributes: { ...node.attributes, stream: streams++ } });
      }
      if (node.card.kind === 'update') {
        const [through, target, value] = inputs as [Node, Node, Node];
        updates.push({ target, value, through });
        return through;
      }
      return withInputs(node, inputs);
    },
    settled,
  );
  const memo = { get: (node: Node) => settled.get(expansion.get(node)!) };
  return { memo, updates: chainUpdates(updates), leaves, streams };
}
