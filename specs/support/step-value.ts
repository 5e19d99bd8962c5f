/** The value of one scalar step of a kernel, by the meaning on its card. */
import type { Step } from '../../compiler/5-plan/plan.ts';
import { byName } from '../../compiler/ir/inputs.ts';
import type { Attributes } from '../../compiler/ir/node.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import type { Place } from './plan-interpreter.ts';
import type { PlanRun } from './plan-memory.ts';

export function stepValue(step: Step, values: readonly number[], place: Place, run: PlanRun): number {
  switch (step.kind) {
    case 'read':
      return run.read(step.access.region, run.address(step.access, values, place));
    case 'constant':
      return settle(step.value, step, place);
    case 'dimension':
      return settle(place.sizeOf(step.size), step, place);
    case 'index':
      return settle(
        step.strides.reduce<number>(
          (sum, stride, i) => sum + place.at[i]! * place.sizeOf(stride),
          step.offset,
        ),
        step,
        place,
      );
    case 'earlier':
      return place.earlier[step.stage]![step.index]!;
    case 'accumulator':
      return place.accumulator;
    case 'op':
      return settle(
        meaning(
          step.card,
          step.args.map((arg) => values[arg]!),
          step.attributes,
          step.dtype,
        ),
        step,
        place,
      );
  }
}

function settle(value: number, { dtype }: Step, { round }: Place): number {
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number(value !== 0) : round(value);
}

function meaning(
  card: Primitive,
  args: readonly number[],
  attributes: Attributes,
  dtype: Step['dtype'],
): number {
  if (card.scalar) return card.scalar(byName(card, args), attributes, dtype);
  if (card.kind === 'random') return randomValue(card, args, attributes);
  throw new Error(`internal: ${card.name} has no meaning on single numbers`);
}

const lanes = new Map<string, number>();

/** Of a random op: two words of the seed, the step and the lane; its card speaks of whole arrays only. */
function randomValue(card: Primitive, args: readonly number[], attributes: Attributes): number {
  const [word0, word1, step, lane] = args as [number, number, number, number];
  const key = `${card.name} ${JSON.stringify(attributes.stream)} ${args.join()}`;
  const known = lanes.get(key);
  if (known !== undefined) return known;
  const seed = { dtype: 'int32' as const, shape: [2], data: Float64Array.of(word0, word1) };
  const at = { dtype: 'int32' as const, shape: [], data: Float64Array.of(step) };
  const shape = [lane + 1];
  const value = card.evaluate!(
    byName(card, [seed, at]),
    { ...attributes, shape },
    { dtype: 'float32', shape },
  ).data[lane]!;
  lanes.set(key, value);
  return value;
}
