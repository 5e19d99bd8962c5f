/** What every plan keeps: regions lie apart while they live, each is read after its write, and addresses stay inside. */
import { product, valueOf } from '../../ir/dim.ts';
import { regionsOf } from '../3-kernels/touched.ts';
import type { Kernel, Plan, Region } from '../plan.ts';
import { kernelProblems } from './verify-kernel.ts';

/** The rules that the plan breaks, in words; none for a sound one. */
export function verifyPlan(plan: Plan): string[] {
  return [
    ...plan.regions.flatMap((region) => placeProblems(region, plan)),
    ...overlaps(plan),
    ...orderProblems(plan),
    ...plan.kernels.flatMap((kernel) =>
      [...new Set([1, plan.capacity])].flatMap((rows) => kernelProblems(kernel, plan.regions, rows)),
    ),
  ];
}

function placeProblems({ name, kind, offset, bytes, shape }: Region, plan: Plan): string[] {
  const needed = 4 * valueOf(product(shape), { B: plan.capacity });
  const [start, end] = kind === 'state' ? [0, plan.stateBytes] : [plan.stateBytes, plan.bytes];
  return [
    ...(offset % 16 !== 0 || bytes % 16 !== 0 ? [`${name} does not lie on whole vectors`] : []),
    ...(bytes < needed ? [`${name} has ${bytes} bytes of ${needed}`] : []),
    ...(offset < start || offset + bytes > end ? [`${name} lies outside of its part of memory`] : []),
  ];
}

/** Regions that share bytes while both hold something. What crosses the border holds it from start to end. */
function overlaps({ regions, kernels }: Plan): string[] {
  const always = { from: 0, to: kernels.length };
  const lives = regions.map(({ kind }) =>
    kind === 'arena' ? { from: Number.POSITIVE_INFINITY, to: -1 } : always,
  );
  kernels.forEach((kernel, at) => {
    for (const region of regionsOf(kernel)) {
      const { from, to } = lives[region]!;
      lives[region] = { from: Math.min(from, at), to: Math.max(to, at) };
    }
  });
  const byStart = regions.map((_, i) => i).sort((a, b) => regions[a]!.offset - regions[b]!.offset);
  const problems: string[] = [];
  byStart.forEach((i, k) => {
    const one = regions[i]!;
    for (const j of byStart.slice(k + 1)) {
      const other = regions[j]!;
      if (other.offset >= one.offset + one.bytes) break;
      const isApart = lives[i]!.to < lives[j]!.from || lives[j]!.to < lives[i]!.from;
      if (!isApart && other.bytes > 0) problems.push(`${one.name} and ${other.name} overlap while both live`);
    }
  });
  return problems;
}

/** Regions of which a kernel reads what none has written. */
function orderProblems({ regions, kernels, inputs, outputs }: Plan): string[] {
  const filled = new Set(
    regions.flatMap(({ kind }, i) => (kind === 'state' || kind === 'input' || kind === 'literal' ? [i] : [])),
  );
  const problems: string[] = [];
  for (const kernel of kernels) {
    const { reads, writes } = accessesOf(kernel);
    for (const region of reads)
      if (!filled.has(region))
        problems.push(`${kernel.name} reads ${regions[region]!.name} before it is written`);
    for (const region of writes) {
      const { kind, name } = regions[region]!;
      if (kind === 'input' || kind === 'literal') problems.push(`${kernel.name} writes the ${kind} ${name}`);
      filled.add(region);
    }
  }
  for (const { name, region } of outputs) if (!filled.has(region)) problems.push(`no kernel writes ${name}`);
  for (const { name, region } of inputs)
    if (regions[region]!.kind !== 'input') problems.push(`${name} does not come in where inputs do`);
  return problems;
}

/** The regions that a kernel needs filled when it starts, and those that it fills. Within it, stages follow each other. */
function accessesOf(kernel: Kernel): { reads: Set<number>; writes: Set<number> } {
  const stages = kernel.kind === 'loop' ? kernel.stages : [kernel];
  const reads = new Set(kernel.kind === 'contract' ? [kernel.left.region, kernel.right.region] : []);
  const writes = new Set<number>();
  for (const { body, stores } of stages) {
    for (const step of body)
      if (step.kind === 'read' && !writes.has(step.access.region)) reads.add(step.access.region);
    for (const { access, add } of stores) {
      if (add && !writes.has(access.region)) reads.add(access.region);
      writes.add(access.region);
    }
  }
  return { reads, writes };
}
