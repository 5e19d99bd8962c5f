/** From a reading to typed primitives: problems collected, composites expanded, what each objective trains made out. */

import type { Reading, ReadObjective, ReadProgram } from '../1-read/reading.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DTY304 } from '../diagnostics/dtype.ts';
import { PIP108 } from '../diagnostics/pipeline.ts';
import { SHP206 } from '../diagnostics/shape.ts';
import { product } from '../ir/dim.ts';
import { isColumn, leafOf } from '../ir/facts.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf, problemsOf } from '../ir/node.ts';
import { at } from '../ir/site.ts';
import type { Span } from '../ir/span.ts';
import { length } from '../ir/symbols.ts';
import { nodesUnder } from '../ir/walk.ts';
import { isFrozen } from '../op/freeze.ts';
import { dimension, lengthLeaf } from '../op/leaf.ts';
import { isMetric } from '../op/metric.ts';
import type { Roles } from '../op/roles.ts';
import { typeText } from '../op/type-text.ts';
import type { CheckedMetric, CheckedObjective, CheckedProgram, CheckResult } from './checked.ts';
import { expand, withGradient } from './expand.ts';
import { fitsAmong } from './fits.ts';
import type { Lowering } from './lower.ts';
import { lower } from './lower.ts';
import { select } from './parameters.ts';

export function check(reading: Reading): CheckResult {
  const { name, span, capacity, vocabulary, update } = reading;
  const { trained, others } = rootsOf(reading);
  const diagnostics = [
    ...new Set([...problemsOf(...trained, ...others), ...reading.diagnostics]),
    ...reading.objectives.flatMap(({ loss }) => lossProblems(loss, span)),
    ...programsOf(reading).flatMap(columnProblems),
  ];
  const failed = (): boolean => diagnostics.some(({ severity }) => severity === 'error');
  if (failed()) return { diagnostics };
  const lowering = lower(trained, others);
  const params = lowering.leaves.filter((leaf) => leafOf(leaf)?.is === 'parameter');
  const frozen = new Set(lowering.leaves.filter(({ scope }) => isFrozen(scope)));
  const trainable = params.filter((param) => !frozen.has(param));
  const objectives = reading.objectives.map((objective): CheckedObjective => {
    const { diagnostics: found, ...selection } = select(objective, trainable, lowering.find, span);
    diagnostics.push(...found);
    return { ...lossOf(objective, lowering, vocabulary.roles), ...selection };
  });
  const { updates, fits, diagnostics: unfit } = fitsAmong(lowering.updates, reading);
  diagnostics.push(...lowering.diagnostics, ...unfit);
  if (failed()) return { diagnostics };
  return {
    diagnostics,
    checked: {
      name,
      span,
      capacity,
      vocabulary,
      objectives,
      update,
      metrics: metricsOf(reading, lowering),
      programs: programsOf(reading).map((program) => inPrimitives(program, lowering)),
      updates: updates.filter(({ target }) => !frozen.has(target)),
      fits,
      params,
      frozen,
      states: lowering.leaves.filter((leaf) => leafOf(leaf)?.is === 'state' && leaf.initial),
      streams: lowering.streams,
    },
  };
}

/** The programs that answer rows: `predict`, then the user's own. */
export function programsOf({ predict, programs }: Reading): readonly ReadProgram[] {
  return [predict, ...programs];
}

export interface Roots {
  /** What a training step computes. */
  readonly trained: readonly Node[];
  /** What programs of the user's own compute. */
  readonly others: readonly Node[];
}

/** All that a reading computes, in a fixed order. */
export function rootsOf({ predict, objectives, metrics, programs }: Reading): Roots {
  const judged = metrics.flatMap(({ judgement }) =>
    isMetric(judgement) ? Object.values(judgement.sums).map(nodeOf) : [judgement],
  );
  const answers = ({ outputs }: ReadProgram): Node[] => outputs.map(({ value }) => value);
  return {
    trained: [...answers(predict), ...objectives.map(({ loss }) => loss), ...judged],
    others: programs.flatMap(answers),
  };
}

/** The mean over all elements; a scalar is its own. */
export function meanOf(value: Node, roles: Roles): Node {
  if (value.shape.length === 0) return value;
  return nodeOf(roles.divide(roles.sum(value, { axis: null }), dimension(product(value.shape))));
}

function lossOf(
  { name, loss, optimizer, every, weight }: ReadObjective,
  { to }: Lowering,
  roles: Roles,
): Omit<CheckedObjective, 'parameters' | 'isSelected'> {
  const lossValue = to(loss);
  const mean = at(lossValue.span, () => expand([meanOf(lossValue, roles)], new Map(), withGradient)[0]!);
  return { name, lossValue, loss: mean, optimizer, every, weight };
}

function metricsOf({ metrics }: Reading, { to }: Lowering): CheckedMetric[] {
  return metrics.map(({ name, judgement }) => {
    if (!isMetric(judgement)) return { name, kind: 'mean', value: to(judgement) };
    const sums = Object.entries(judgement.sums).map(([sum, value]) => ({
      name: sum,
      value: to(nodeOf(value)),
    }));
    return { name, kind: 'sums', sums, result: judgement.result };
  });
}

function inPrimitives({ columns: _, ...program }: ReadProgram, { to }: Lowering): CheckedProgram {
  return { ...program, outputs: program.outputs.map(({ name, value }) => ({ name, value: to(value) })) };
}

function lossProblems(loss: Node, span: Span): Diagnostic[] {
  if (!loss.type) return [];
  const { dtype, shape } = loss.type;
  const labels = [{ span, text: 'of this pipeline' }];
  const received = typeText(loss.type);
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
      message: 'the loss is neither one value per row nor a scalar',
      span: loss.span,
      labels,
      expected: 'f32[B] or f32[]',
      received,
      hint: 'average the axes that are not rows: mean(loss, { axis: … })',
    }),
  ];
}

/** A program is run on columns of its own: those of the data, or of another program, are not there. */
function columnProblems({ name, outputs, columns, span }: ReadProgram): Diagnostic[] {
  const own = new Set(Object.values(columns));
  const lengths = new Set([...own].filter(({ shape }) => shape.includes(length)).map(lengthLeaf));
  const sound = outputs.filter(({ value }) => value.type);
  const foreign = nodesUnder(expand(sound.map(({ value }) => value))).find(
    (node) => isColumn(node) && !own.has(node) && !lengths.has(node),
  );
  if (!foreign) return [];
  return [
    PIP108({
      message: `the program ${name} is not given the column ${foreign.name}`,
      span,
      expected: `only its own columns: ${Object.keys(columns).join(', ')}`,
      received: `${foreign.name}, a column of the data`,
      hint: 'call the layers in the program again, on its own columns',
    }),
  ];
}
