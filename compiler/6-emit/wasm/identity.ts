/** What a plan's module depends on, as text: equal texts, equal modules. */
import type { DType } from '../../../dsl/tensor.ts';
import type { Plan, Step } from '../../5-plan/plan.ts';
import { scalarLowering } from '../../ir/inputs.ts';
import type { Scalar } from '../../op/scalar.ts';
import { bitsOfFloat } from './assembler/encoding.ts';
import { emitterVersion } from './assembler/version.ts';
import { ScalarGraph } from './scalar/scalar-builder.ts';

type Operation = Extract<Step, { kind: 'op' }>;

/** The plan and the options, with the name of each op's card and, once for each way it is used, what it computes. */
export function identityOf(plan: Plan, options: object): string {
  const lowerings = new Map<string, string>();
  const named = (body: readonly Step[]): object[] =>
    body.map((step) => {
      if (step.kind !== 'op') return step;
      const takes = step.args.map((arg) => body[arg]!.dtype);
      const use = `${step.card.name} ${json(step.attributes)} ${takes.join()}`;
      if (!lowerings.has(use)) lowerings.set(use, loweringText(step, takes));
      return { ...step, card: step.card.name };
    });
  const kernels = plan.kernels.map((kernel) => {
    const plain = { ...kernel, spans: [] };
    return plain.kind === 'loop'
      ? { ...plain, stages: plain.stages.map((stage) => ({ ...stage, body: named(stage.body) })) }
      : { ...plain, body: named(plain.body) };
  });
  return [emitterVersion, json(options), json({ ...plan, kernels }), json([...lowerings])].join('\n');
}

/** Numbers that JSON would take for others are marked. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'number' || (Number.isFinite(part) && !Object.is(part, -0))) return part;
    return { number: Object.is(part, -0) ? '-0' : String(part) };
  });
}

/** The op on unknown values; its code as well, as that may look at values that are known. */
function loweringText({ card, attributes }: Operation, takes: readonly DType[]): string {
  const lower = scalarLowering(card);
  const meanings = [false, true].map((asMasks) => {
    const s = new ScalarGraph();
    const args = takes.map((dtype, i) => {
      const source = s.source(dtype === 'float32' ? 'f32' : 'i32', i);
      return dtype === 'bool' && asMasks ? s.truth(source) : source;
    });
    return scalarText(lower(s, args, attributes), s);
  });
  return [...meanings, String(card.lower.wasm ?? card.lower.random)].join('\n');
}

function scalarText(value: Scalar, s: ScalarGraph): string {
  const lines = new Map<Scalar, string>();
  const visit = (part: Scalar): void => {
    if (lines.has(part)) return;
    for (const arg of part.args) visit(arg);
    const { op, type, args, value: number } = part;
    const bits = number !== undefined && type === 'f32' && op === 'constant' ? bitsOfFloat(number) : number;
    lines.set(part, `${s.id(part)} ${op} ${type} ${args.map((arg) => s.id(arg)).join()} ${bits ?? ''}`);
  };
  visit(value);
  return [...lines.values()].join('\n');
}
