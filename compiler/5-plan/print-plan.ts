/** The text form of a plan: its memory, and each kernel as loops over scalar steps. */
import type { Dim } from '../../dsl/tensor.ts';
import { numberText } from '../ir/print.ts';
import { shortDType, typeText } from '../op/type-text.ts';
import { regionsOf } from './3-kernels/touched.ts';
import type { Access, Kernel, Plan, Stage, Step, Store } from './plan.ts';

export function printPlan(plan: Plan): string {
  const { name, program, capacity, bytes, stateBytes, naiveBytes, regions, kernels } = plan;
  const used = new Set(kernels.flatMap(regionsOf));
  for (const { region } of [...plan.inputs, ...plan.outputs]) used.add(region);
  const memory = regions.flatMap((region, i) =>
    used.has(i)
      ? [
          `  ${region.kind.padEnd(7)} ${String(region.offset).padStart(9)}  ${region.name} : ${typeText(region)}`,
        ]
      : [],
  );
  return [
    `plan ${name}.${program}  B <= ${capacity}  state ${stateBytes} bytes  in all ${bytes}  arena without sharing ${naiveBytes}`,
    ...memory,
    ...kernels.flatMap((kernel) => kernelLines(kernel, plan)),
    ...plan.outputs.map((port) => `  return ${port.name} = ${regions[port.region]!.name}`),
    '',
  ].join('\n');
}

function kernelLines(kernel: Kernel, plan: Plan): string[] {
  if (kernel.kind === 'loop') {
    return [
      `  kernel ${kernel.name}  for ${loopText(kernel.outer, 0)}${kernel.inner.length > 0 ? `  fold ${loopText(kernel.inner, kernel.outer.length)}` : ''}`,
      ...kernel.stages.flatMap((stage, i) => stageLines(stage, i, plan)),
    ];
  }
  const { batch, rows, columns, depth, left, right } = kernel;
  const loops = [...batch, rows, columns];
  const operand = ({ region, free, depth: along }: typeof left): string =>
    `${plan.regions[region]!.name}(free ${free}, depth ${along})`;
  return [
    `  kernel ${kernel.name}  for ${loopText(loops, 0)}  sum ${depth}: ${operand(left)} · ${operand(right)}`,
    ...bodyLines(kernel.body, kernel.stores, plan, ''),
  ];
}

function stageLines(stage: Stage, number: number, plan: Plan): string[] {
  return [
    `    stage ${number} ${stage.over}`,
    ...bodyLines(stage.body, stage.stores, plan, `${number}.`),
    ...stage.folds.map(
      ({ fold, value }, k) =>
        `      %${number}.${stage.body.length + k} = ${fold} over inner %${number}.${value}`,
    ),
  ];
}

function bodyLines(body: readonly Step[], stores: readonly Store[], plan: Plan, prefix: string): string[] {
  return [
    ...body.map(
      (step, i) => `      %${prefix}${i} : ${shortDType[step.dtype]} = ${stepText(step, plan, prefix)}`,
    ),
    ...stores.map(
      ({ access, value, add }) =>
        `      ${accessText(access, plan, prefix)} ${add ? '+=' : '='} %${prefix}${value}`,
    ),
  ];
}

function stepText(step: Step, plan: Plan, prefix: string): string {
  switch (step.kind) {
    case 'read':
      return accessText(step.access, plan, prefix);
    case 'constant':
      return numberText(step.value);
    case 'index':
      return `index ${affine(step.strides, step.offset)}`;
    case 'dimension':
      return `size ${step.size}`;
    case 'op':
      return `${step.card.name} ${step.args.map((arg) => `%${prefix}${arg}`).join(' ')}`;
    case 'earlier':
      return `%${step.stage}.${step.index}`;
    case 'accumulator':
      return 'sum of products';
  }
}

function accessText({ region, strides, offset, lookups }: Access, plan: Plan, prefix: string): string {
  const looked = (lookups ?? []).map(({ value, stride }) => `+ ${stride}·%${prefix}${value}`);
  return `${plan.regions[region]!.name}[${[affine(strides, offset), ...looked].join(' ')}]`;
}

/** Loops are called i0, i1, … from the outside. */
function affine(strides: readonly Dim[], offset: number): string {
  const terms = strides.flatMap((stride, i) =>
    stride === 0 ? [] : [stride === 1 ? `i${i}` : `${stride}·i${i}`],
  );
  if (offset !== 0 || terms.length === 0) terms.push(String(offset));
  return terms.join(' + ');
}

function loopText(sizes: readonly Dim[], from: number): string {
  return sizes.length === 0 ? 'once' : sizes.map((size, i) => `i${from + i} < ${size}`).join(', ');
}
