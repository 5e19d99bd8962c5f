/** The memory a plan runs in, one number an element: checks every address, and can spoil what the plan has given up. */

import { regionsOf } from '../../compiler/5-plan/3-kernels/touched.ts';
import type { Access, Plan, Region } from '../../compiler/5-plan/plan.ts';
import { elementsOf, type Place } from './plan-interpreter.ts';

/** One run of a program in this memory. */
export interface PlanRun {
  read(region: number, at: number): number;
  write(region: number, at: number, value: number): void;
  address(access: Access, values: readonly number[], place: Place): number;
  isWhole(region: number): boolean;
  /** Told when kernel number `kernel` has run. */
  finished(kernel: number): void;
}

/** Memory for the programs of one pipeline: state keeps from program to program. */
export class PlanMemory {
  private readonly cells: Float64Array;

  /** `bytes`: the largest of the programs'. */
  constructor(bytes: number) {
    this.cells = new Float64Array(bytes / 4);
  }

  open(plan: Plan, rows: number): PlanRun {
    if (rows > plan.capacity) throw new Error(`internal: ${rows} rows in a plan for ${plan.capacity}`);
    const sizes = plan.regions.map(({ shape }) => elementsOf(shape, rows));
    this.prepare(plan);
    const last = lastUses(plan);
    const cell = (region: number, at: number): number => {
      if (!(Number.isInteger(at) && at >= 0 && at < sizes[region]!)) {
        const { name } = plan.regions[region]!;
        throw new Error(`internal: element ${at} of ${name}, which has ${sizes[region]}`);
      }
      return plan.regions[region]!.offset / 4 + at;
    };
    return {
      read: (region, at) => this.cells[cell(region, at)]!,
      write: (region, at, value) => {
        this.cells[cell(region, at)] = value;
      },
      address: (access, values, place) => addressOf(access, values, place),
      isWhole: (region) => plan.regions[region]!.dtype === 'int32',
      finished: (kernel) => {
        for (const region of last.get(kernel) ?? []) this.spoil(plan.regions[region]!);
      },
    };
  }

  /** The elements of a region in a run of `rows` rows. */
  values({ offset, shape }: Region, rows: number): Float64Array {
    return this.cells.slice(offset / 4, offset / 4 + elementsOf(shape, rows));
  }

  fill({ offset }: Region, values: ArrayLike<number>): void {
    this.cells.set(values, offset / 4);
  }

  /** Literals hold their numbers; what the arena and the outputs hold before they are written is nobody's to read. */
  private prepare(plan: Plan): void {
    for (const region of plan.regions) {
      if (region.kind === 'arena' || region.kind === 'output') this.spoil(region);
    }
    for (const region of plan.regions) if (region.values) this.fill(region, region.values);
  }

  private spoil({ offset, bytes }: Region): void {
    this.cells.fill(Number.NaN, offset / 4, (offset + bytes) / 4);
  }
}

function addressOf(
  { strides, offset, lookups = [] }: Access,
  values: readonly number[],
  place: Place,
): number {
  if (strides.length !== place.at.length)
    throw new Error('internal: an access with a stride too many or few');
  const fixed = strides.reduce<number>((sum, stride, i) => sum + place.at[i]! * place.sizeOf(stride), offset);
  return lookups.reduce((sum, { value, stride, limit }) => {
    const found = Math.min(Math.max(values[value]!, 0), valueOfLimit(limit, place) - 1);
    return sum + found * place.sizeOf(stride);
  }, fixed);
}

const valueOfLimit = (limit: number | string, place: Place): number => place.sizeOf(limit);

/** The arena's regions by the kernel that is the last to use them. */
function lastUses(plan: Plan): Map<number, number[]> {
  const last = new Map<number, number>();
  plan.kernels.forEach((kernel, at) => {
    for (const region of regionsOf(kernel)) if (plan.regions[region]!.kind === 'arena') last.set(region, at);
  });
  const uses = new Map<number, number[]>();
  for (const [region, at] of last) uses.set(at, [...(uses.get(at) ?? []), region]);
  return uses;
}
